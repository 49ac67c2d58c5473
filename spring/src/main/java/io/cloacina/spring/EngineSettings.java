package io.cloacina.spring;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.ApplicationTransactions;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.engine.model.EngineMetrics;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.engine.model.PayloadCodec;
import io.cloacina.schema.catalog.Difference;
import io.cloacina.schema.catalog.SchemaCheck;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.spring.CloacinaProperties.Migrate;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;

/**
 * The engine settings that result from the properties and the beans, for an {@link Engine} bean of your own with the
 * settings of the starter. They are evaluated when the engine is first started ({@link Engine#configuredAtStart}) and
 * all beans exist, so that beans that the engine uses may need the engine. This class is deliberately not a
 * {@link java.util.function.Supplier}: Spring Cloud would take such a bean for a function of the application.
 */
public final class EngineSettings {
    static final String INVALID = ErrorCodes.INVALID_SETTING;

    /** The time that closing takes at most beyond its grace period, and a second for the rest of the phase. */
    private static final Duration CLOSING = Duration.ofSeconds(6);

    private static final String SHUTDOWN = "spring.lifecycle.timeout-per-shutdown-phase";

    private final CloacinaProperties properties;
    private final ConfigurableListableBeanFactory beans;
    private final Environment environment;
    private final @Nullable DataSource source;

    EngineSettings(CloacinaProperties properties, ConfigurableListableBeanFactory beans, Environment environment) {
        this.properties = properties;
        this.beans = beans;
        this.environment = environment;
        this.source = properties.database() == null ? dataSource(properties, beans) : null;
    }

    /** The data source for the engine. */
    static DataSource dataSource(CloacinaProperties properties, ConfigurableListableBeanFactory beans) {
        String name = properties.dataSource();
        DataSource found = name == null
                ? beans.getBeanProvider(DataSource.class).getIfUnique()
                : beans.getBean(name, DataSource.class);
        if (found == null) {
            int many = beans.getBeanNamesForType(DataSource.class).length;
            throw new CloacinaException(
                    INVALID,
                    many == 0
                            ? "the engine has no database: set cloacina.database to a URL such as sqlite:app.db, or"
                                    + " spring.datasource.url for the whole application"
                            : "there are " + many
                                    + " beans of type DataSource, and none is primary: set cloacina.data-source to"
                                    + " the name of the one with the tables of the engine");
        }
        return found;
    }

    /**
     * Returns a new builder with these settings.
     *
     * @throws CloacinaException if a setting is invalid, or the tables are not as {@code cloacina.migrate} requires
     */
    public EngineBuilder builder() {
        if (properties.run() && properties.migrate() != Migrate.ALWAYS) {
            check();
        }
        String url = properties.database();
        EngineBuilder builder = url != null ? Engine.builder(url) : Engine.builder(source());
        apply(builder);
        new WorkflowBeans(beans).find().forEach(builder::workflow);
        each(EngineInterceptor.class, builder::interceptor);
        each(EngineListener.class, builder::listener);
        each(EngineMetrics.class, builder::metrics);
        beans.getBeanProvider(ApplicationTransactions.class).ifAvailable(builder::transactions);
        beans.getBeanProvider(PayloadCodec.class).ifAvailable(builder::payloadCodec);
        beans.getBeanProvider(PackageTrust.class).ifAvailable(builder::packages);
        each(EngineBuilderCustomizer.class, customizer -> customizer.customize(builder));
        return builder;
    }

    private DataSource source() {
        return source != null ? source : dataSource(properties, beans);
    }

    private <T> void each(Class<T> type, Consumer<T> use) {
        beans.getBeanProvider(type).orderedStream().forEach(use);
    }

    private void apply(EngineBuilder builder) {
        builder.grace(grace());
        set(properties.slots(), builder::slots);
        set(properties.lease(), builder::lease);
        set(properties.pollInterval(), builder::pollInterval);
        set(properties.retention(), builder::retention);
        set(properties.unavailableAfter(), builder::unavailableAfter);
        set(properties.maxContextBytes(), builder::maxContextBytes);
        set(properties.maxTasks(), builder::maxTasks);
        set(properties.maxWaitingSubmissions(), builder::maxWaitingSubmissions);
        set(properties.packageDirectory(), builder::packageDirectory);
        set(properties.maxPackageBytes(), builder::maxPackageBytes);
        if (properties.keepForever()) {
            builder.keepForever();
        }
        if (properties.alerts()) {
            builder.alerts();
        }
        if (!properties.run()) {
            builder.client();
        }
    }

    private static <T> void set(@Nullable T value, Consumer<T> setting) {
        if (value != null) {
            setting.accept(value);
        }
    }

    /** Spring closes the connections when the time of the phase is over, whatever still runs. */
    private Duration grace() {
        Duration allowed = DurationStyle.detectAndParse(environment.getProperty(SHUTDOWN, "30s"))
                .minus(CLOSING);
        Duration given = properties.grace();
        if (given != null && given.compareTo(allowed) > 0) {
            throw new CloacinaException(
                    INVALID,
                    "cloacina.grace is " + given.toMillis() + " ms, but the shutdown of Spring leaves at most "
                            + Math.max(0, allowed.toMillis()) + " ms: set it to less, or " + SHUTDOWN + " to "
                            + given.plus(CLOSING).toSeconds() + "s or more");
        }
        Duration wanted = given == null ? Duration.ofSeconds(10) : given;
        return allowed.isNegative() ? Duration.ZERO : wanted.compareTo(allowed) > 0 ? allowed : wanted;
    }

    private void check() {
        String url = properties.database();
        try (Database database = url != null ? Database.open(url) : Database.open(source())) {
            Migrator.requireCurrent(database);
            List<Difference> differences =
                    properties.migrate() == Migrate.CHECK ? SchemaCheck.differences(database) : List.of();
            if (!differences.isEmpty()) {
                throw new CloacinaException(
                        ErrorCodes.SCHEMA_DIFFERS,
                        "the tables of the engine in " + database
                                + " are not those of this version, and cloacina.migrate=check"
                                + " does not allow the engine to start then: "
                                + differences.stream().map(Difference::toString).collect(Collectors.joining("; ")));
            }
        }
    }
}
