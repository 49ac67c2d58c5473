package io.cloacina.engine.internal.write;

import java.util.ArrayList;
import java.util.List;

/** The ends of attempts that one transaction records, by how they ended; each list is in the order of the group. */
final class Endings implements Outcome.Kinds {
    /** Without their endings, because most attempts complete: {@link Outcome#patch} has what such an ending tells. */
    private final List<Outcome> completed = new ArrayList<>();

    private final List<Of<Outcome.Failed>> failed = new ArrayList<>();
    private final List<Of<Outcome.Skipped>> skipped = new ArrayList<>();
    private final List<Of<Outcome.Retried>> retried = new ArrayList<>();
    private final List<Of<Outcome.Released>> released = new ArrayList<>();
    private final List<Of<Outcome.Suspended>> suspended = new ArrayList<>();
    private final List<Of<Outcome.Orphaned>> orphaned = new ArrayList<>();

    /** An outcome, and its ending as the type that it has. */
    record Of<E extends Outcome.Ending>(Outcome outcome, E ending) {}

    /** Sorts outcomes by their endings. */
    static Endings of(List<Outcome> outcomes) {
        Endings endings = new Endings();
        for (Outcome outcome : outcomes) {
            outcome.ending().addTo(endings, outcome);
        }
        return endings;
    }

    @Override
    public void add(Outcome outcome, Outcome.Completed ending) {
        completed.add(outcome);
    }

    @Override
    public void add(Outcome outcome, Outcome.Failed ending) {
        failed.add(new Of<>(outcome, ending));
    }

    @Override
    public void add(Outcome outcome, Outcome.Skipped ending) {
        skipped.add(new Of<>(outcome, ending));
    }

    @Override
    public void add(Outcome outcome, Outcome.Retried ending) {
        retried.add(new Of<>(outcome, ending));
    }

    @Override
    public void add(Outcome outcome, Outcome.Released ending) {
        released.add(new Of<>(outcome, ending));
    }

    @Override
    public void add(Outcome outcome, Outcome.Suspended ending) {
        suspended.add(new Of<>(outcome, ending));
    }

    @Override
    public void add(Outcome outcome, Outcome.Orphaned ending) {
        orphaned.add(new Of<>(outcome, ending));
    }

    List<Outcome> completed() {
        return completed;
    }

    List<Of<Outcome.Failed>> failed() {
        return failed;
    }

    List<Of<Outcome.Skipped>> skipped() {
        return skipped;
    }

    List<Of<Outcome.Retried>> retried() {
        return retried;
    }

    List<Of<Outcome.Released>> released() {
        return released;
    }

    List<Of<Outcome.Suspended>> suspended() {
        return suspended;
    }

    List<Of<Outcome.Orphaned>> orphaned() {
        return orphaned;
    }
}
