package io.cloacina.opentelemetry;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The context of a trace as executions carry it: {@code traceparent} and {@code tracestate}, as W3C defines them. */
final class CarriedContext {
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private static final TextMapGetter<Map<String, String>> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> carried) {
            return carried.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> carried, String key) {
            return carried == null ? null : carried.get(key);
        }
    };

    private CarriedContext() {}

    /** Empty if the trace is not recorded, because there is no SDK. */
    static Map<String, String> of(Context context) {
        Map<String, String> carried = new TreeMap<>();
        W3C.inject(context, carried, (all, key, value) -> {
            if (all != null) {
                all.put(key, value);
            }
        });
        return carried;
    }

    static Context read(Map<String, String> carried) {
        return W3C.extract(Context.root(), carried, GETTER);
    }
}
