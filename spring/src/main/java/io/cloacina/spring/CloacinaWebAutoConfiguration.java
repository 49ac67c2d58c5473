package io.cloacina.spring;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.Engine;
import io.cloacina.server.CloacinaServlet;
import io.cloacina.server.ServerSettings;
import io.cloacina.server.access.Authenticator;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configures the web page and the HTTP API of the engine below a path of the application, behind the application's
 * filters and security.
 */
@AutoConfiguration(after = CloacinaAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({CloacinaServlet.class, ServletRegistrationBean.class})
@ConditionalOnProperty("cloacina.dashboard.enabled")
@ConditionalOnBean(Engine.class)
@EnableConfigurationProperties(CloacinaProperties.class)
public final class CloacinaWebAutoConfiguration {
    /** The filter chain of Spring Security. */
    private static final String SECURITY = "springSecurityFilterChain";

    /** Called by Spring. */
    CloacinaWebAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ServerSettings cloacinaServerSettings(
            CloacinaProperties properties, ListableBeanFactory beans, Environment environment) {
        ServerSettings settings =
                ServerSettings.defaults().readOnly(properties.dashboard().readOnly());
        Authenticator own = beans.getBeanProvider(Authenticator.class).getIfAvailable();
        if (own != null) {
            return settings.authenticator(own);
        }
        if (beans.containsBean(SECURITY)) {
            return settings.authenticator(RoleAuthenticator::authenticate);
        }
        if (believesProxies(environment)) {
            throw new CloacinaException(
                    EngineSettings.INVALID,
                    "without Spring Security the page would serve callers of this machine only, and they cannot be told from"
                            + " others where the headers of a proxy are believed (server.forward-headers-strategy, or a cloud"
                            + " platform): add Spring Security, or a bean of type Authenticator; or set"
                            + " server.forward-headers-strategy=none, or cloacina.dashboard.enabled=false");
        }
        return settings;
    }

    /** Whether the web server reads the address of a caller from headers, and then removes these. */
    private static boolean believesProxies(Environment environment) {
        String strategy = environment.getProperty("server.forward-headers-strategy");
        if (strategy == null) {
            CloudPlatform platform = CloudPlatform.getActive(environment);
            return (platform != null && platform.isUsingForwardHeaders())
                    || environment.containsProperty("server.tomcat.remoteip.remote-ip-header")
                    || environment.containsProperty("server.tomcat.remoteip.protocol-header");
        }
        return !strategy.equalsIgnoreCase("none");
    }

    @Bean
    ServletRegistrationBean<CloacinaServlet> cloacinaServlet(
            Engine engine, ServerSettings settings, CloacinaProperties properties) {
        String path = properties.dashboard().path();
        if (!path.matches("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")) {
            throw new CloacinaException(
                    EngineSettings.INVALID,
                    "cloacina.dashboard.path is a path such as /cloacina, without a slash at its end, not '" + path
                            + "'");
        }
        ServletRegistrationBean<CloacinaServlet> bean =
                new ServletRegistrationBean<>(new CloacinaServlet(engine, settings), path + "/*");
        bean.setName("cloacina");
        return bean;
    }

    @Bean
    StreamsLifecycle cloacinaStreams(ServletRegistrationBean<CloacinaServlet> cloacinaServlet) {
        return new StreamsLifecycle(cloacinaServlet.getServlet()::endStreams);
    }
}
