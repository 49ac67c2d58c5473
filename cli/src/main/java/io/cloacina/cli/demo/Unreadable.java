package io.cloacina.cli.demo;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Files and folders that could not be read: how many, and the first few. */
record Unreadable(long count, List<Item> first) {
    private static final int KEPT = 20;

    static final Unreadable NONE = new Unreadable(0, List.of());

    /** One of them, and why. */
    record Item(String path, String reason) {}

    Unreadable {
        first = List.copyOf(first);
    }

    Unreadable and(String path, Exception failure) {
        return and(new Unreadable(1, List.of(new Item(path, reason(failure)))));
    }

    Unreadable and(Unreadable more) {
        List<Item> all = new ArrayList<>(first);
        all.addAll(more.first);
        return new Unreadable(count + more.count, all.subList(0, Math.min(KEPT, all.size())));
    }

    /** In words, without the path, which stands beside it. */
    static String reason(Exception failure) {
        if (failure instanceof AccessDeniedException) {
            return "no permission";
        }
        if (failure instanceof NoSuchFileException) {
            return "no longer there";
        }
        if (failure instanceof InvalidPathException) {
            return "its name needs another locale, such as C.UTF-8";
        }
        String message = failure.getMessage();
        return failure instanceof IOException && message != null
                ? message
                : failure.getClass().getSimpleName();
    }
}
