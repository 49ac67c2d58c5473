package io.cloacina.spring;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.ApplicationTransactions;
import io.cloacina.engine.model.Schedule;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.jta.JtaTransactionManager;

/**
 * Auto-configures an engine, as a bean of the types {@link Engine} and {@link io.cloacina.engine.WorkflowClient}. It
 * starts when all beans have been created. It uses the workflows, definitions, schedules, listeners and interceptors
 * among the beans, which may themselves need the engine.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
            "org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
            "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration"
        })
@ConditionalOnProperty(prefix = "cloacina", name = "enabled", havingValue = "true", matchIfMissing = true)
@EnableConfigurationProperties(CloacinaProperties.class)
public final class CloacinaAutoConfiguration {
    /** Called by Spring. */
    CloacinaAutoConfiguration() {}

    /**
     * Created only when it is needed: an application with an engine of its own needs neither this nor a data source.
     */
    @Bean
    @Lazy
    EngineSettings cloacinaSettings(
            CloacinaProperties properties, ConfigurableListableBeanFactory beans, Environment environment) {
        return new EngineSettings(properties, beans, environment);
    }

    @Bean
    @ConditionalOnMissingBean
    Engine cloacinaEngine(EngineSettings settings) {
        return Engine.configuredAtStart(settings::builder);
    }

    /** Not created in a child of the context that has the engine: closing the child would stop the engine. */
    @Bean
    @ConditionalOnMissingBean
    EngineLifecycle cloacinaLifecycle(
            Engine engine, CloacinaProperties properties, ConfigurableListableBeanFactory beans) {
        return new EngineLifecycle(
                engine,
                () -> beans.getBeanProvider(Schedule.class)
                        .orderedStream()
                        .filter(schedule -> properties.run())
                        .toList());
    }

    /** Active if the engine shares the data source of the application. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ConnectionHolder.class, PlatformTransactionManager.class})
    @Conditional(SharesDataSource.class)
    static class TransactionsConfiguration {
        @Bean
        @ConditionalOnBean(PlatformTransactionManager.class)
        @ConditionalOnMissingBean(ApplicationTransactions.class)
        SpringTransactions cloacinaTransactions(CloacinaProperties properties, ConfigurableListableBeanFactory beans) {
            DataSource source = EngineSettings.dataSource(properties, beans);
            return new SpringTransactions(manager(properties, beans), source);
        }

        private static PlatformTransactionManager manager(
                CloacinaProperties properties, ConfigurableListableBeanFactory beans) {
            String name = properties.transactionManager();
            PlatformTransactionManager found = name == null
                    ? beans.getBeanProvider(PlatformTransactionManager.class).getIfUnique()
                    : beans.getBean(name, PlatformTransactionManager.class);
            if (found == null) {
                throw new CloacinaException(
                        EngineSettings.INVALID,
                        "there are several transaction managers, and none is primary: set cloacina.transaction-manager to the"
                                + " name of the one for the DataSource of the engine");
            }
            if (found instanceof JtaTransactionManager) {
                throw new CloacinaException(
                        EngineSettings.INVALID,
                        "the transaction manager is one of JTA, whose transactions the engine cannot join: set"
                                + " cloacina.transaction-manager to the name of a DataSourceTransactionManager for the DataSource of"
                                + " the engine, or cloacina.database to a URL, with which the engine has transactions of its own");
            }
            return found;
        }
    }

    /** Whether the engine has no database of its own. */
    static final class SharesDataSource extends NoneNestedConditions {
        SharesDataSource() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnProperty("cloacina.database")
        static final class OwnDatabase {}
    }
}
