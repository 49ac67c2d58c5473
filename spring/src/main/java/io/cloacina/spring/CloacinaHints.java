package io.cloacina.spring;

import io.cloacina.api.WorkflowProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Hints about resources, reflection and proxies that a native image would otherwise leave out. */
final class CloacinaHints implements RuntimeHintsRegistrar {
    private static final String TEMPLATES = "io/cloacina/server/templates/";
    private static final List<String> DRIVERS = List.of("org.sqlite.JDBC", "org.postgresql.Driver");

    private static final List<String> VIRTUAL_THREADS =
            List.of("java.lang.Thread$Builder", "java.lang.Thread$Builder$OfVirtual");

    /** The types that a transaction lends; the engine wraps them, so that the transaction cannot be ended. */
    private static final List<Class<?>> LENT = List.of(
            CallableStatement.class, PreparedStatement.class, Statement.class, ResultSet.class, DatabaseMetaData.class);

    /** Called by Spring. */
    CloacinaHints() {}

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
        ServiceLoader.load(WorkflowProvider.class, loader).forEach(workflow -> addWorkflow(hints, workflow));
        hints.resources().registerPattern("META-INF/services/" + WorkflowProvider.class.getName());
        addPage(hints, loader);
        DRIVERS.forEach(driver ->
                hints.reflection().registerTypeIfPresent(loader, driver, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS));
        LENT.forEach(hints.proxies()::registerJdkProxy);
        hints.proxies()
                .registerJdkProxy(
                        TypeReference.of(Connection.class),
                        TypeReference.of("io.cloacina.schema.database.LentConnection$Lent"));
        Stream.concat(
                        VIRTUAL_THREADS.stream().map(TypeReference::of),
                        Stream.of(TypeReference.of(Thread.class), TypeReference.of(Executors.class)))
                .forEach(type -> hints.reflection().registerType(type, MemberCategory.INVOKE_PUBLIC_METHODS));
    }

    /**
     * The version of a workflow is a hash of its code, and the arguments and results of its methods are stored as JSON.
     */
    private static void addWorkflow(RuntimeHints hints, WorkflowProvider<?> workflow) {
        hints.reflection().registerType(workflow.getClass(), MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
        for (Class<?> code : List.of(workflow.getClass(), workflow.type())) {
            hints.resources().registerPattern(code.getName().replace('.', '/') + ".class");
        }
        BindingReflectionHintsRegistrar values = new BindingReflectionHintsRegistrar();
        for (Method task : workflow.type().getDeclaredMethods()) {
            values.registerReflectionHints(hints.reflection(), task.getGenericParameterTypes());
            values.registerReflectionHints(hints.reflection(), new Type[] {task.getGenericReturnType()});
        }
    }

    private static void addPage(RuntimeHints hints, @Nullable ClassLoader loader) {
        hints.resources().registerPattern("io/cloacina/server/openapi.json");
        hints.resources().registerPattern("io/cloacina/server/static/*");
        try {
            for (Resource template : new PathMatchingResourcePatternResolver(loader)
                    .getResources("classpath*:" + TEMPLATES + "**/*Generated.class")) {
                String url = template.getURL().toString();
                String name = url.substring(url.lastIndexOf(TEMPLATES), url.length() - ".class".length());
                hints.reflection()
                        .registerType(
                                TypeReference.of(name.replace('/', '.')),
                                type -> type.withMembers(MemberCategory.INVOKE_DECLARED_METHODS)
                                        .withField("JTE_LINE_INFO"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
