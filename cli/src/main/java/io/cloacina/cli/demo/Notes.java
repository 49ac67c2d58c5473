package io.cloacina.cli.demo;

import io.cloacina.api.TaskContext;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** What tasks that run in this process say about their work, for those who watch. Thread safe. */
final class Notes {
    private final Map<String, String> texts = new ConcurrentHashMap<>();

    void say(TaskContext task, String text) {
        texts.put(key(task.executionId(), task.taskName()), text);
    }

    /** The last that a task said, empty if it said nothing here. */
    String of(UUID execution, String task) {
        return texts.getOrDefault(key(execution, task), "");
    }

    private static String key(UUID execution, String task) {
        return execution + " " + task;
    }
}
