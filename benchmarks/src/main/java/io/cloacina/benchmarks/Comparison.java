package io.cloacina.benchmarks;

import io.cloacina.benchmarks.Fork.Figures;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Layer and floor in one operation, as several forks measured them. */
record Comparison(
        Operation operation,
        Samples floorNanos,
        Samples layerNanos,
        Samples ratios,
        Samples floorBytes,
        Samples layerBytes) {
    static Comparison of(Operation operation, List<Figures> forks) {
        return new Comparison(
                operation,
                samples(forks, Figures::floorNanos),
                samples(forks, Figures::layerNanos),
                samples(forks, Figures::ratio),
                samples(forks, Figures::floorBytes),
                samples(forks, Figures::layerBytes));
    }

    double moreBytes() {
        return layerBytes.median() - floorBytes.median();
    }

    private static Samples samples(List<Figures> forks, ToDoubleFunction<Figures> figure) {
        return new Samples(forks.stream().mapToDouble(figure).toArray());
    }
}
