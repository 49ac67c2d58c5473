/** The metrics of an engine, for Micrometer: {@link io.cloacina.micrometer.MicrometerMetrics}. */
@org.jspecify.annotations.NullMarked
package io.cloacina.micrometer;
