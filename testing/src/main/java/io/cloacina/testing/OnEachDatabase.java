package io.cloacina.testing;

import io.cloacina.schema.type.Backend;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Gives each run of a test its database and removes it afterwards. */
final class OnEachDatabase implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        return Stream.of(Backend.values()).map(On::new);
    }

    private record On(Backend backend) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int invocationIndex) {
            return backend.label();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Given(backend));
        }
    }

    /** Creates the database when the test starts, so that a failure to do so fails this run of the test. */
    private static final class Given implements BeforeEachCallback, ParameterResolver, AfterEachCallback {
        private final Backend backend;
        private @Nullable TestDatabase database;

        Given(Backend backend) {
            this.backend = backend;
        }

        @Override
        public void beforeEach(ExtensionContext context) {
            database = TestDatabase.create(backend);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == TestDatabase.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            if (database == null) {
                throw new ParameterResolutionException(
                        "a TestDatabase is made for each test: take it as a parameter of the test itself,"
                                + " or of @BeforeEach, not of a constructor");
            }
            return database;
        }

        @Override
        public void afterEach(ExtensionContext context) {
            if (database != null) {
                database.close();
            }
        }
    }
}
