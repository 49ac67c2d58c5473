package io.cloacina.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.proxies;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.resource;

import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import java.lang.reflect.Field;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.ExecutableHint;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** What Spring tells GraalVM, which is not here to try it. */
class NativeHintsTest {
    record Line(String article, int pieces) {}

    record Basket(List<Line> lines) {}

    @Workflow(name = "basket")
    static class Baskets {
        @Task
        Basket sort(@Input Basket basket) {
            return basket;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Baskets.class)
    static class Application {}

    private static RuntimeHints hints() {
        RuntimeHints hints = new RuntimeHints();
        ClassLoader loader = NativeHintsTest.class.getClassLoader();
        assertThat(AotServices.factories(loader).load(RuntimeHintsRegistrar.class))
                .filteredOn(CloacinaHints.class::isInstance)
                .hasSize(1)
                .allSatisfy(registrar -> registrar.registerHints(hints, loader));
        return hints;
    }

    private static List<String> methods(RuntimeHints hints, Class<?> type) {
        return Objects.requireNonNull(hints.reflection().getTypeHint(type))
                .methods()
                .map(ExecutableHint::getName)
                .toList();
    }

    @Test
    void workflows_are_found_with_their_code_and_the_types_of_their_values() throws ReflectiveOperationException {
        RuntimeHints hints = hints();
        Class<?> provider = Class.forName("io.cloacina.spring.NativeHintsTest_BasketsDefinition");
        assertThat(reflection().onType(provider).withMemberCategory(MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS))
                .accepts(hints);
        assertThat(resource().forResource("META-INF/services/io.cloacina.api.WorkflowProvider"))
                .accepts(hints);
        assertThat(resource().forResource("io/cloacina/spring/NativeHintsTest$Baskets.class"))
                .accepts(hints);
        assertThat(methods(hints, Basket.class)).contains("lines");
        assertThat(methods(hints, Line.class)).contains("pieces");
    }

    @Test
    void the_page_has_its_files_and_its_templates() throws ReflectiveOperationException {
        RuntimeHints hints = hints();
        assertThat(resource().forResource("io/cloacina/server/openapi.json")).accepts(hints);
        assertThat(resource().forResource("io/cloacina/server/static/cloacina.js"))
                .accepts(hints);
        Class<?> template = Class.forName("io.cloacina.server.templates.JteoverviewGenerated");
        Class<?> part = Class.forName("io.cloacina.server.templates.part.JtestateGenerated");
        for (Class<?> each : List.of(template, part)) {
            assertThat(reflection().onType(each).withMemberCategory(MemberCategory.INVOKE_DECLARED_METHODS))
                    .accepts(hints);
        }
    }

    @Test
    void what_transactions_lend_can_be_wrapped() throws ReflectiveOperationException {
        RuntimeHints hints = hints();
        Field kinds = Class.forName("io.cloacina.schema.database.LentObject").getDeclaredField("KINDS");
        kinds.setAccessible(true);
        assertThat((List<?>) Objects.requireNonNull(kinds.get(null)))
                .isNotEmpty()
                .allSatisfy(kind ->
                        assertThat(proxies().forInterfaces((Class<?>) kind)).accepts(hints));
        assertThat(proxies()
                        .forInterfaces(
                                TypeReference.of(Connection.class),
                                TypeReference.of("io.cloacina.schema.database.LentConnection$Lent")))
                .accepts(hints);
    }

    @Test
    void drivers_and_virtual_threads_are_found_by_their_names() {
        RuntimeHints hints = hints();
        for (String name : List.of("org.sqlite.JDBC", "org.postgresql.Driver", "java.lang.Thread$Builder$OfVirtual")) {
            assertThat(reflection().onType(TypeReference.of(name))).accepts(hints);
        }
    }

    /** As the plugin of Spring Boot does when it builds a native image. */
    @Test
    void the_code_that_makes_the_beans_can_be_generated() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Application.class);
            TestPropertyValues.of("spring.datasource.url=jdbc:sqlite::memory:", "spring.liquibase.enabled=false")
                    .applyTo(context);
            InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
            DefaultGenerationContext generation =
                    new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(Application.class)), files);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            assertThat(files.getGeneratedFiles(Kind.SOURCE))
                    .containsKey("io/cloacina/spring/CloacinaAutoConfiguration__BeanDefinitions.java");
            assertThat(resource().forResource("io/cloacina/server/openapi.json"))
                    .accepts(generation.getRuntimeHints());
        }
    }
}
