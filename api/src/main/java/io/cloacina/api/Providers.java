package io.cloacina.api;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the provider that the annotation processor generated for a class. */
final class Providers {
    private Providers() {}

    static WorkflowDefinition define(Object workflow) {
        Class<?> type = workflow.getClass();
        if (workflow instanceof WorkflowDefinition.Builder) {
            throw notGenerated("a builder was passed instead of a definition: call its build() method");
        }
        if (workflow instanceof Class<?> itself) {
            throw notGenerated(
                    "the class " + itself.getName() + " was passed instead of an instance: pass an instance of it");
        }
        WorkflowProvider<?> found = null;
        try {
            for (WorkflowProvider<?> each : ServiceLoader.load(WorkflowProvider.class, type.getClassLoader())) {
                // Of a class and its superclass the class: a proxy of a container is neither.
                if (each.type().isInstance(workflow)
                        && (found == null || found.type().isAssignableFrom(each.type()))) {
                    found = each;
                }
            }
        } catch (ServiceConfigurationError e) {
            throw new CloacinaException(
                    ErrorCodes.BROKEN_PROVIDER,
                    "the generated provider of a workflow cannot be loaded; do a clean build: " + e.getMessage(),
                    e);
        }
        if (found != null) {
            return define(found, workflow);
        }
        throw notGenerated("there is no generated definition of " + type.getName()
                + ": annotate it with @Workflow, and let the compiler run cloacina-processor. With Maven, set"
                + " maven-compiler-plugin to version 3.5 or newer: the default of Maven 3.8 ignores"
                + " annotationProcessorPaths");
    }

    private static CloacinaException notGenerated(String message) {
        return new CloacinaException(ErrorCodes.NO_PROVIDER, message);
    }

    private static <T> WorkflowDefinition define(WorkflowProvider<T> provider, Object workflow) {
        return provider.define(provider.type().cast(workflow));
    }
}
