import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.Version;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/** One OpenSearch node with the plugins of the class path: `java -cp JARS ClusterNode.java NAME=VALUE...` */
public final class ClusterNode extends Node {
    private static final String[] PLUGINS = {
        "org.opensearch.transport.Netty4ModulePlugin",
        "org.opensearch.transport.Netty4Plugin",
        "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
        "org.opensearch.analysis.common.CommonAnalysisPlugin",
    };

    @SuppressWarnings({"unchecked", "rawtypes"}) // classes in 2.x, descriptions of them in 3.x
    private ClusterNode(Environment environment, Collection plugins) {
        super(environment, plugins, false);
    }

    public static void main(String[] arguments) throws Exception {
        Settings.Builder settings = Settings.builder();
        for (String argument : arguments) {
            int at = argument.indexOf('=');
            settings.put(argument.substring(0, at), argument.substring(at + 1));
        }
        String name = settings.get("node.name");
        Path home = Path.of(settings.get("path.home"));
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Map.of(), home.resolve("config"), () -> name);
        LogConfigurator.setNodeName(name);
        ClusterNode node = new ClusterNode(environment, plugins());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (Exception error) {
                error.printStackTrace();
            }
        }));
        node.start();
        System.out.println("started " + name);
        new CountDownLatch(1).await();
    }

    private static List<Object> plugins() throws Exception {
        boolean described = false;
        for (Constructor<?> each : Node.class.getDeclaredConstructors()) {
            if (each.getParameterCount() == 3
                && each.getGenericParameterTypes()[1] instanceof ParameterizedType type) {
                described |= type.getActualTypeArguments()[0] == PluginInfo.class;
            }
        }
        List<Object> found = new ArrayList<>();
        for (String name : PLUGINS) {
            try {
                Class<?> plugin = Class.forName(name);
                found.add(described ? description(name) : plugin);
            } catch (ClassNotFoundException missing) {
                continue; // it has another name in this version
            }
        }
        return found;
    }

    private static PluginInfo description(String name) {
        return new PluginInfo(
            name, "of the class path", "1", Version.CURRENT, System.getProperty("java.specification.version"),
            name, "", List.of(), false);
    }
}
