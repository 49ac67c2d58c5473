package io.cloacina.spring.test;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Closes the contexts of tests when all tests have ended. Spring would do that at the end of the JVM, when the embedded
 * PostgreSQL ends as well, and engines would complain that their database is gone.
 */
final class ContextsEnd implements BeforeAllCallback {
    /** Called by JUnit. */
    ContextsEnd() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(Namespace.create(ContextsEnd.class)).getOrComputeIfAbsent("end", key -> new End());
    }

    /** By its old name for JUnit before 5.13, which closes nothing else, and by its new one for others. */
    @SuppressWarnings("deprecation")
    private static final class End implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        @Override
        public void close() {
            TestDatabases.closeAll();
        }
    }
}
