package io.cloacina.crash;

/** Where in a task's life a process ends itself, at once and without any clean-up. */
enum Point {
    /** The claim is committed, and the engine tells it. */
    AFTER_CLAIM,
    /** The first line of the body. */
    IN_BODY,
    /** The last line of the body. */
    BEFORE_COMMIT,
    /** The completion is committed, and the engine tells it. */
    AFTER_COMMIT,
    /** An execution is stored, and who submitted it has not noted that yet. */
    AFTER_SUBMIT
}
