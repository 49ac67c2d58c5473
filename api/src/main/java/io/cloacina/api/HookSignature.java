package io.cloacina.api;

/** How a delivery to a webhook is signed: with HMAC-SHA-256, under a secret that both sides know. */
public enum HookSignature implements Labeled {
    /**
     * As GitHub signs: {@code X-Hub-Signature-256} has the code of the body, {@code X-GitHub-Delivery} the id of the
     * delivery.
     */
    GITHUB("github"),
    /** As Stripe signs: {@code Stripe-Signature} has a time, and the code of it and the body; the id is that of the event. */
    STRIPE("stripe"),
    /**
     * As the specification Standard Webhooks signs, version 1: {@code webhook-id}, {@code webhook-timestamp} and {@code
     * webhook-signature}.
     */
    STANDARD("standard");

    private final String label;

    HookSignature(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
