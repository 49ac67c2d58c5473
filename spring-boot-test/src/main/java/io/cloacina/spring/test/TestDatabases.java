package io.cloacina.spring.test;

import io.cloacina.schema.type.Backend;
import io.cloacina.testing.TestDatabase;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Replaces the databases that an application names by empty ones of the same kind, which end with its context. */
final class TestDatabases implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    /** The property that leaves them as they are. */
    static final String FRESH = "cloacina.test.fresh-database";

    /** The settings after the file, such as the timeout, stay. */
    private static final Pattern URL = Pattern.compile("(?:jdbc:)?(sqlite|postgres(?:ql)?):[^?]*(\\?.*)?");

    private static final Set<ConfigurableApplicationContext> OPEN = ConcurrentHashMap.newKeySet();

    /** Called by Spring. */
    TestDatabases() {}

    /** Closes the contexts that have such databases, and so removes these. */
    static void closeAll() {
        OPEN.forEach(ConfigurableApplicationContext::close);
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (context.getEnvironment().getProperty(FRESH, Boolean.class, true)) {
            replace(context, "spring.datasource.url", TestDatabase::jdbcUrl);
            replace(context, "cloacina.database", TestDatabase::url);
        }
    }

    private static void replace(
            ConfigurableApplicationContext context, String property, Function<TestDatabase, String> url) {
        ConfigurableEnvironment environment = context.getEnvironment();
        Matcher named = URL.matcher(environment.getProperty(property, ""));
        if (!named.matches()) {
            return;
        }
        Backend backend = named.group(1).equals("sqlite") ? Backend.SQLITE : Backend.POSTGRES;
        TestDatabase database = TestDatabase.create(backend);
        // Of all that is destroyed the first is destroyed last: then the pool is closed.
        ((DefaultListableBeanFactory) context.getBeanFactory())
                .registerDisposableBean("test database for " + property, () -> {
                    OPEN.remove(context);
                    database.close();
                });
        OPEN.add(context);
        String settings = backend == Backend.SQLITE && named.group(2) != null ? named.group(2) : "";
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "test database for " + property, Map.of(property, url.apply(database) + settings)));
    }
}
