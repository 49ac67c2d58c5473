/** The traces of an engine, for OpenTelemetry: {@link io.cloacina.opentelemetry.OpenTelemetryTracing}. */
@org.jspecify.annotations.NullMarked
package io.cloacina.opentelemetry;
