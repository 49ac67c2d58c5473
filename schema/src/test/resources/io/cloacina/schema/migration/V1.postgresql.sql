CREATE TABLE schema_migrations (
    version integer NOT NULL,
    name text COLLATE "C" NOT NULL,
    checksum text COLLATE "C" NOT NULL,
    applied_at timestamp NOT NULL,
    CONSTRAINT schema_migrations_pkey PRIMARY KEY (version),
    CONSTRAINT schema_migrations_name_check CHECK (length(name) <= 200),
    CONSTRAINT schema_migrations_checksum_check CHECK (length(checksum) <= 64)
);
CREATE TABLE contexts (
    id uuid NOT NULL,
    value text COLLATE "C" NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CONSTRAINT contexts_pkey PRIMARY KEY (id)
);
CREATE TABLE runners (
    id uuid NOT NULL,
    host text COLLATE "C" NOT NULL,
    boot_id text COLLATE "C" NOT NULL,
    pid bigint NOT NULL,
    process_start text COLLATE "C" NOT NULL,
    workflows text COLLATE "C" NOT NULL,
    heartbeats bigint NOT NULL,
    heartbeat_at timestamp NOT NULL,
    lease_expires_at timestamp NOT NULL,
    created_at timestamp NOT NULL,
    package_problems text COLLATE "C",
    slots integer,
    closing boolean,
    measured boolean,
    CONSTRAINT runners_pkey PRIMARY KEY (id),
    CONSTRAINT runners_host_check CHECK (length(host) <= 255),
    CONSTRAINT runners_boot_id_check CHECK (length(boot_id) <= 64),
    CONSTRAINT runners_process_start_check CHECK (length(process_start) <= 64)
);
CREATE TABLE pipeline_executions (
    id uuid NOT NULL,
    pipeline_name text COLLATE "C" NOT NULL,
    pipeline_version text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    context_id uuid,
    started_at timestamp,
    completed_at timestamp,
    error_details text COLLATE "C",
    recovery_attempts integer NOT NULL,
    last_recovery_at timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    leaves_remaining integer NOT NULL,
    tasks_failed integer NOT NULL,
    idempotency_key text COLLATE "C",
    priority integer NOT NULL,
    start_after timestamp,
    paused_at timestamp,
    pause_reason text COLLATE "C",
    origin text COLLATE "C" NOT NULL,
    parent_task_id uuid,
    restarted_from uuid,
    deadline_at timestamp,
    stopped_at timestamp,
    cancel_asked_at timestamp,
    continuation text COLLATE "C",
    continued_as uuid,
    continued_from uuid,
    carried text COLLATE "C",
    CONSTRAINT pipeline_executions_pkey PRIMARY KEY (id),
    CONSTRAINT pipeline_executions_context_id_fkey FOREIGN KEY (context_id) REFERENCES contexts (id) ON DELETE CASCADE,
    CONSTRAINT pipeline_executions_pipeline_name_check CHECK (length(pipeline_name) <= 200),
    CONSTRAINT pipeline_executions_pipeline_version_check CHECK (length(pipeline_version) <= 100),
    CONSTRAINT pipeline_executions_status_check CHECK (status IN ('Pending', 'Running', 'Completed', 'Failed', 'Cancelled', 'Paused')),
    CONSTRAINT pipeline_executions_idempotency_key_check CHECK (length(idempotency_key) <= 200),
    CONSTRAINT pipeline_executions_origin_check CHECK (origin IN ('submit', 'schedule', 'task')),
    CONSTRAINT pipeline_executions_counters_check CHECK (leaves_remaining >= 0 AND tasks_failed >= 0 AND recovery_attempts >= 0)
);
CREATE UNIQUE INDEX pipeline_executions_idempotency_key_pipeline_name_key ON pipeline_executions (idempotency_key, pipeline_name) WHERE idempotency_key IS NOT NULL;
CREATE INDEX pipeline_executions_context_idx ON pipeline_executions (context_id) WHERE context_id IS NOT NULL;
CREATE INDEX pipeline_executions_unfinished_idx ON pipeline_executions (pipeline_name, pipeline_version, id) WHERE status IN ('Pending', 'Running', 'Paused');
CREATE INDEX pipeline_executions_paused_idx ON pipeline_executions (paused_at) WHERE paused_at IS NOT NULL;
CREATE INDEX pipeline_executions_deadline_idx ON pipeline_executions (deadline_at) WHERE deadline_at IS NOT NULL AND stopped_at IS NULL AND status IN ('Pending', 'Running');
CREATE INDEX pipeline_executions_ended_badly_idx ON pipeline_executions (id) WHERE status IN ('Failed', 'Cancelled');
CREATE INDEX pipeline_executions_failed_idx ON pipeline_executions (completed_at, id) WHERE status = 'Failed';
CREATE INDEX pipeline_executions_parent_idx ON pipeline_executions (parent_task_id) WHERE parent_task_id IS NOT NULL;
CREATE TABLE task_executions (
    id uuid NOT NULL,
    pipeline_execution_id uuid NOT NULL,
    task_name text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    started_at timestamp,
    completed_at timestamp,
    attempt integer NOT NULL,
    max_attempts integer NOT NULL,
    error_details text COLLATE "C",
    trigger_rules text COLLATE "C" NOT NULL,
    task_configuration text COLLATE "C" NOT NULL,
    retry_at timestamp,
    last_error text COLLATE "C",
    recovery_attempts integer NOT NULL,
    last_recovery_at timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    dependencies_remaining integer NOT NULL,
    dependencies_unmet integer NOT NULL,
    claimed_by uuid,
    pipeline_name text COLLATE "C" NOT NULL,
    pipeline_version text COLLATE "C" NOT NULL,
    priority integer NOT NULL,
    due_at timestamp,
    paused boolean NOT NULL,
    waits_for text COLLATE "C",
    signal_name text COLLATE "C",
    children_remaining integer NOT NULL,
    parent_task_id uuid,
    element_index integer,
    element text COLLATE "C",
    limit_keys text COLLATE "C",
    dependencies text COLLATE "C",
    ready_at timestamp,
    waits integer,
    CONSTRAINT task_executions_pkey PRIMARY KEY (id),
    CONSTRAINT task_executions_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE,
    CONSTRAINT task_executions_claimed_by_fkey FOREIGN KEY (claimed_by) REFERENCES runners (id),
    CONSTRAINT task_executions_parent_task_id_fkey FOREIGN KEY (parent_task_id) REFERENCES task_executions (id) ON DELETE CASCADE,
    CONSTRAINT task_executions_task_name_check CHECK (length(task_name) <= 200),
    CONSTRAINT task_executions_status_check CHECK (status IN ('NotStarted', 'Ready', 'Running', 'Waiting', 'Completed', 'Failed', 'Skipped', 'Cancelled')),
    CONSTRAINT task_executions_pipeline_name_check CHECK (length(pipeline_name) <= 200),
    CONSTRAINT task_executions_pipeline_version_check CHECK (length(pipeline_version) <= 100),
    CONSTRAINT task_executions_waits_for_check CHECK (waits_for IN ('Time', 'Signal', 'Children')),
    CONSTRAINT task_executions_signal_name_check CHECK (length(signal_name) <= 200),
    CONSTRAINT task_executions_counters_check CHECK (attempt >= 0 AND max_attempts >= 1 AND recovery_attempts >= 0 AND dependencies_remaining >= 0 AND dependencies_unmet >= 0 AND children_remaining >= 0)
);
CREATE UNIQUE INDEX task_executions_pipeline_execution_id_task_name_key ON task_executions (pipeline_execution_id, task_name);
CREATE INDEX task_executions_ready_idx ON task_executions (pipeline_name, pipeline_version, priority DESC, id) WHERE status = 'Ready' AND due_at IS NULL AND paused = false AND limit_keys IS NULL;
CREATE INDEX task_executions_limited_idx ON task_executions (pipeline_name, pipeline_version, limit_keys, priority DESC, id) WHERE status = 'Ready' AND due_at IS NULL AND paused = false AND limit_keys IS NOT NULL;
CREATE INDEX task_executions_due_idx ON task_executions (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX task_executions_waiting_idx ON task_executions (waits_for, id) WHERE status = 'Waiting';
CREATE INDEX task_executions_claimed_idx ON task_executions (claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX task_executions_elements_waiting_idx ON task_executions (parent_task_id, element_index) WHERE parent_task_id IS NOT NULL AND status = 'NotStarted';
CREATE INDEX task_executions_elements_idx ON task_executions (parent_task_id, element_index) WHERE parent_task_id IS NOT NULL;
CREATE TABLE task_execution_metadata (
    id uuid NOT NULL,
    task_execution_id uuid NOT NULL,
    pipeline_execution_id uuid NOT NULL,
    task_name text COLLATE "C" NOT NULL,
    context_id uuid,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CONSTRAINT task_execution_metadata_pkey PRIMARY KEY (id),
    CONSTRAINT task_execution_metadata_task_execution_id_fkey FOREIGN KEY (task_execution_id) REFERENCES task_executions (id) ON DELETE CASCADE,
    CONSTRAINT task_execution_metadata_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE,
    CONSTRAINT task_execution_metadata_context_id_fkey FOREIGN KEY (context_id) REFERENCES contexts (id) ON DELETE CASCADE,
    CONSTRAINT task_execution_metadata_task_name_check CHECK (length(task_name) <= 200)
);
CREATE UNIQUE INDEX task_execution_metadata_task_execution_id_key ON task_execution_metadata (task_execution_id);
CREATE UNIQUE INDEX task_execution_metadata_pipeline_execution_id_task_name_key ON task_execution_metadata (pipeline_execution_id, task_name);
CREATE INDEX task_execution_metadata_context_idx ON task_execution_metadata (context_id) WHERE context_id IS NOT NULL;
CREATE TABLE recovery_events (
    id uuid NOT NULL,
    pipeline_execution_id uuid NOT NULL,
    task_execution_id uuid,
    recovery_type text COLLATE "C" NOT NULL,
    recovered_at timestamp NOT NULL,
    details text COLLATE "C",
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CONSTRAINT recovery_events_pkey PRIMARY KEY (id),
    CONSTRAINT recovery_events_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE,
    CONSTRAINT recovery_events_task_execution_id_fkey FOREIGN KEY (task_execution_id) REFERENCES task_executions (id) ON DELETE CASCADE,
    CONSTRAINT recovery_events_recovery_type_check CHECK (recovery_type IN ('task_reset', 'task_abandoned', 'version_changed', 'workflow_unavailable', 'pipeline_failed'))
);
CREATE INDEX recovery_events_execution_idx ON recovery_events (pipeline_execution_id, recovered_at);
CREATE INDEX recovery_events_task_idx ON recovery_events (task_execution_id) WHERE task_execution_id IS NOT NULL;
CREATE TABLE task_attempts (
    id uuid NOT NULL,
    task_execution_id uuid NOT NULL,
    attempt integer NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    runner_id uuid,
    host text COLLATE "C",
    pid bigint,
    started_at timestamp NOT NULL,
    ended_at timestamp NOT NULL,
    error text COLLATE "C",
    CONSTRAINT task_attempts_pkey PRIMARY KEY (id),
    CONSTRAINT task_attempts_task_execution_id_fkey FOREIGN KEY (task_execution_id) REFERENCES task_executions (id) ON DELETE CASCADE,
    CONSTRAINT task_attempts_outcome_check CHECK (outcome IN ('Completed', 'Failed', 'TimedOut', 'Interrupted', 'RunnerDied', 'Skipped', 'Cancelled')),
    CONSTRAINT task_attempts_host_check CHECK (length(host) <= 255)
);
CREATE INDEX task_attempts_task_idx ON task_attempts (task_execution_id, attempt);
CREATE TABLE signals (
    id uuid NOT NULL,
    pipeline_execution_id uuid NOT NULL,
    signal_name text COLLATE "C" NOT NULL,
    value text COLLATE "C",
    idempotency_key text COLLATE "C",
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CONSTRAINT signals_pkey PRIMARY KEY (id),
    CONSTRAINT signals_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE,
    CONSTRAINT signals_signal_name_check CHECK (length(signal_name) <= 200),
    CONSTRAINT signals_idempotency_key_check CHECK (length(idempotency_key) <= 200)
);
CREATE UNIQUE INDEX signals_pipeline_execution_id_signal_name_key ON signals (pipeline_execution_id, signal_name);
CREATE TABLE execution_labels (
    id uuid NOT NULL,
    pipeline_execution_id uuid NOT NULL,
    label_name text COLLATE "C" NOT NULL,
    label_value text COLLATE "C" NOT NULL,
    CONSTRAINT execution_labels_pkey PRIMARY KEY (id),
    CONSTRAINT execution_labels_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE,
    CONSTRAINT execution_labels_label_name_check CHECK (length(label_name) <= 60),
    CONSTRAINT execution_labels_label_value_check CHECK (length(label_value) <= 200)
);
CREATE UNIQUE INDEX execution_labels_pipeline_execution_id_label_name_key ON execution_labels (pipeline_execution_id, label_name);
CREATE INDEX execution_labels_value_idx ON execution_labels (label_name, label_value, pipeline_execution_id);
CREATE TABLE limit_uses (
    id uuid NOT NULL,
    limit_key text COLLATE "C" NOT NULL,
    task_execution_id uuid NOT NULL,
    attempt integer NOT NULL,
    pipeline_execution_id uuid NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CONSTRAINT limit_uses_pkey PRIMARY KEY (id),
    CONSTRAINT limit_uses_task_execution_id_fkey FOREIGN KEY (task_execution_id) REFERENCES task_executions (id) ON DELETE CASCADE,
    CONSTRAINT limit_uses_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE
);
CREATE INDEX limit_uses_key_idx ON limit_uses (limit_key, created_at);
CREATE INDEX limit_uses_task_idx ON limit_uses (task_execution_id);
CREATE INDEX limit_uses_execution_idx ON limit_uses (pipeline_execution_id);
CREATE TABLE workflow_registry (
    id uuid NOT NULL,
    created_at timestamp NOT NULL,
    data bytea NOT NULL,
    CONSTRAINT workflow_registry_pkey PRIMARY KEY (id)
);
CREATE TABLE workflow_packages (
    id uuid NOT NULL,
    registry_id uuid NOT NULL,
    package_name text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    description text COLLATE "C",
    author text COLLATE "C",
    metadata text COLLATE "C" NOT NULL,
    storage_type text COLLATE "C" NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    content_hash text COLLATE "C" NOT NULL,
    content_size integer NOT NULL,
    signature text COLLATE "C",
    workflows text COLLATE "C",
    deleted_at timestamp,
    CONSTRAINT workflow_packages_pkey PRIMARY KEY (id),
    CONSTRAINT workflow_packages_registry_id_fkey FOREIGN KEY (registry_id) REFERENCES workflow_registry (id) ON DELETE CASCADE,
    CONSTRAINT workflow_packages_package_name_check CHECK (length(package_name) <= 200),
    CONSTRAINT workflow_packages_version_check CHECK (length(version) <= 100),
    CONSTRAINT workflow_packages_author_check CHECK (length(author) <= 200),
    CONSTRAINT workflow_packages_storage_type_check CHECK (storage_type IN ('database', 'filesystem')),
    CONSTRAINT workflow_packages_content_hash_check CHECK (length(content_hash) <= 64)
);
CREATE UNIQUE INDEX workflow_packages_package_name_version_key ON workflow_packages (package_name, version);
CREATE INDEX workflow_packages_registry_idx ON workflow_packages (registry_id);
CREATE TABLE workflow_definitions (
    id uuid NOT NULL,
    workflow_name text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    definition text COLLATE "C" NOT NULL,
    package_id uuid,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CONSTRAINT workflow_definitions_pkey PRIMARY KEY (id),
    CONSTRAINT workflow_definitions_package_id_fkey FOREIGN KEY (package_id) REFERENCES workflow_packages (id) ON DELETE CASCADE,
    CONSTRAINT workflow_definitions_workflow_name_check CHECK (length(workflow_name) <= 200),
    CONSTRAINT workflow_definitions_version_check CHECK (length(version) <= 100)
);
CREATE UNIQUE INDEX workflow_definitions_workflow_name_version_key ON workflow_definitions (workflow_name, version);
CREATE INDEX workflow_definitions_package_idx ON workflow_definitions (package_id) WHERE package_id IS NOT NULL;
CREATE TABLE cron_schedules (
    id uuid NOT NULL,
    workflow_name text COLLATE "C" NOT NULL,
    cron_expression text COLLATE "C" NOT NULL,
    timezone text COLLATE "C" NOT NULL,
    enabled boolean NOT NULL,
    catchup_policy text COLLATE "C" NOT NULL,
    start_date timestamp,
    end_date timestamp,
    next_run_at timestamp,
    last_run_at timestamp,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    name text COLLATE "C" NOT NULL,
    catchup_limit integer NOT NULL,
    catchup_max_age_seconds integer NOT NULL,
    input text COLLATE "C",
    CONSTRAINT cron_schedules_pkey PRIMARY KEY (id),
    CONSTRAINT cron_schedules_workflow_name_check CHECK (length(workflow_name) <= 200),
    CONSTRAINT cron_schedules_cron_expression_check CHECK (length(cron_expression) <= 200),
    CONSTRAINT cron_schedules_timezone_check CHECK (length(timezone) <= 64),
    CONSTRAINT cron_schedules_catchup_policy_check CHECK (catchup_policy IN ('skip', 'run_once', 'run_all')),
    CONSTRAINT cron_schedules_name_check CHECK (length(name) <= 200),
    CONSTRAINT cron_schedules_catchup_bounds_check CHECK (catchup_limit >= 1 AND catchup_max_age_seconds >= 1)
);
CREATE UNIQUE INDEX cron_schedules_name_key ON cron_schedules (name);
CREATE INDEX cron_schedules_due_idx ON cron_schedules (workflow_name, next_run_at) WHERE next_run_at IS NOT NULL;
CREATE TABLE cron_executions (
    id uuid NOT NULL,
    schedule_id uuid NOT NULL,
    pipeline_execution_id uuid NOT NULL,
    scheduled_time timestamp NOT NULL,
    claimed_at timestamp NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CONSTRAINT cron_executions_pkey PRIMARY KEY (id),
    CONSTRAINT cron_executions_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES cron_schedules (id) ON DELETE CASCADE,
    CONSTRAINT cron_executions_pipeline_execution_id_fkey FOREIGN KEY (pipeline_execution_id) REFERENCES pipeline_executions (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX cron_executions_schedule_id_scheduled_time_key ON cron_executions (schedule_id, scheduled_time);
CREATE INDEX cron_executions_age_idx ON cron_executions (schedule_id, pipeline_execution_id);
CREATE INDEX cron_executions_execution_idx ON cron_executions (pipeline_execution_id);
CREATE TABLE bulk_operations (
    id uuid NOT NULL,
    action text COLLATE "C" NOT NULL,
    details text COLLATE "C",
    query text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    cursor_id uuid NOT NULL,
    expected integer NOT NULL,
    expected_more boolean NOT NULL,
    executions_done integer NOT NULL,
    executions_skipped integer NOT NULL,
    executions_failed integer NOT NULL,
    children_passed integer NOT NULL,
    first_skipped text COLLATE "C",
    first_failed text COLLATE "C",
    requested_by text COLLATE "C",
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    ended_at timestamp,
    idempotency_key text COLLATE "C",
    CONSTRAINT bulk_operations_pkey PRIMARY KEY (id),
    CONSTRAINT bulk_operations_action_check CHECK (action IN ('cancel', 'pause', 'resume', 'retry', 'restart', 'delete')),
    CONSTRAINT bulk_operations_state_check CHECK (state IN ('Running', 'Completed', 'Stopped')),
    CONSTRAINT bulk_operations_requested_by_check CHECK (length(requested_by) <= 200),
    CONSTRAINT bulk_operations_idempotency_key_check CHECK (length(idempotency_key) <= 200)
);
CREATE UNIQUE INDEX bulk_operations_idempotency_key_key ON bulk_operations (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX bulk_operations_running_idx ON bulk_operations (id) WHERE state = 'Running';
CREATE TABLE audit_entries (
    id uuid NOT NULL,
    created_at timestamp NOT NULL,
    user_name text COLLATE "C" NOT NULL,
    user_role text COLLATE "C",
    address text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    object text COLLATE "C",
    made text COLLATE "C",
    status integer,
    code text COLLATE "C",
    CONSTRAINT audit_entries_pkey PRIMARY KEY (id),
    CONSTRAINT audit_entries_user_name_check CHECK (length(user_name) <= 100),
    CONSTRAINT audit_entries_user_role_check CHECK (length(user_role) <= 100),
    CONSTRAINT audit_entries_address_check CHECK (length(address) <= 100),
    CONSTRAINT audit_entries_action_check CHECK (length(action) <= 200),
    CONSTRAINT audit_entries_object_check CHECK (length(object) <= 300),
    CONSTRAINT audit_entries_made_check CHECK (length(made) <= 300),
    CONSTRAINT audit_entries_code_check CHECK (length(code) <= 100)
);
CREATE INDEX audit_entries_created_at_idx ON audit_entries (created_at);
CREATE INDEX audit_entries_user_name_idx ON audit_entries (user_name, id);
CREATE INDEX audit_entries_object_idx ON audit_entries (object, id);
CREATE INDEX audit_entries_made_idx ON audit_entries (made, id);
CREATE TABLE hooks (
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    workflow_name text COLLATE "C" NOT NULL,
    signature text COLLATE "C" NOT NULL,
    secret text COLLATE "C" NOT NULL,
    input text COLLATE "C" NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CONSTRAINT hooks_pkey PRIMARY KEY (id),
    CONSTRAINT hooks_name_check CHECK (length(name) <= 100),
    CONSTRAINT hooks_workflow_name_check CHECK (length(workflow_name) <= 200),
    CONSTRAINT hooks_signature_check CHECK (signature IN ('github', 'stripe', 'standard'))
);
CREATE UNIQUE INDEX hooks_name_key ON hooks (name);
CREATE TABLE alerts (
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    workflow_name text COLLATE "C",
    percent integer NOT NULL,
    executions integer NOT NULL,
    duration_millis bigint NOT NULL,
    statuses text COLLATE "C" NOT NULL,
    url text COLLATE "C" NOT NULL,
    secret text COLLATE "C",
    enabled boolean NOT NULL,
    firing_since timestamp,
    evaluated_at timestamp,
    last_delivery uuid,
    position text COLLATE "C" NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL,
    CONSTRAINT alerts_pkey PRIMARY KEY (id),
    CONSTRAINT alerts_name_check CHECK (length(name) <= 100),
    CONSTRAINT alerts_kind_check CHECK (kind IN ('failure-rate', 'oldest-ready', 'stranded', 'schedule-late', 'execution-ended')),
    CONSTRAINT alerts_workflow_name_check CHECK (length(workflow_name) <= 200),
    CONSTRAINT alerts_position_check CHECK (length(position) <= 100)
);
CREATE UNIQUE INDEX alerts_name_key ON alerts (name);
