package io.cloacina.engine.internal.claim;

import java.util.concurrent.atomic.AtomicInteger;

/** The capacity of this engine to run attempts, and how much of it is free. Thread safe. */
public final class Slots {
    private final int all;
    private final AtomicInteger free;

    public Slots(int all) {
        this.all = all;
        this.free = new AtomicInteger(all);
    }

    public int all() {
        return all;
    }

    public int free() {
        return free.get();
    }

    /** Takes at most that many slots; returns how many it took, which may be 0. */
    public int take(int atMost) {
        int before = free.getAndUpdate(now -> now - Math.min(now, atMost));
        return Math.min(before, atMost);
    }

    public void give(int number) {
        if (number > 0 && free.addAndGet(number) > all) {
            throw new IllegalStateException("more slots were given back than taken");
        }
    }
}
