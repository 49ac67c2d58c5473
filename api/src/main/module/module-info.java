/** The types for authors of workflows. */
module io.cloacina.api {
    requires static org.jspecify;

    exports io.cloacina.api;
    exports io.cloacina.api.annotation;

    uses io.cloacina.api.WorkflowProvider;
}
