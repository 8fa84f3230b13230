"""Commands whose arguments are one text, which may begin with the minus of a query."""

from __future__ import annotations

import click


class TextCommand(click.Command):
    """Takes every argument that is not an option as text, so that `-كتاب` needs no `--` before it.

    Options are arguments that begin with `--`, the short options of the command, and a short
    option that takes a value with a number attached (`-n5`).
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Sort the arguments into options and text before click reads them."""
        options, text = self._sort(args, ctx)
        return super().parse_args(ctx, [*options, "--", *text] if text else options)

    def _sort(self, args: list[str], ctx: click.Context) -> tuple[list[str], list[str]]:
        takes_value = {
            name: not parameter.is_flag and not parameter.count
            for parameter in self.get_params(ctx)
            if isinstance(parameter, click.Option)
            for name in (*parameter.opts, *parameter.secondary_opts)
        }
        options: list[str] = []
        text: list[str] = []
        rest = iter(args)
        for arg in rest:
            if arg == "--":
                text += rest
            elif arg in takes_value:
                options.append(arg)
                if takes_value[arg] and (value := next(rest, None)) is not None:
                    options.append(value)
            elif arg.startswith("--") or (takes_value.get(arg[:2]) and arg[2:].isdecimal()):
                options.append(arg)
            else:
                text.append(arg)
        return options, text
