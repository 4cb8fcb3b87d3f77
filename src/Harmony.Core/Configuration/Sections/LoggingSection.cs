namespace Harmony.Core.Configuration;

/// <summary><c>[logging]</c>: what is logged and where to. <c>HARMONY_LOG</c> and <c>RUST_LOG</c> overrule the level.</summary>
public sealed record LoggingSection : ConfigNode
{
    /// <summary>Lowest level that is logged.</summary>
    [AllowedValues("trace", "debug", "info", "warn", "error")]
    public string LogLevel { get; init; } = "info";

    /// <summary>Writes the log to a file as well as to standard output.</summary>
    public bool LogToFile { get; init; }

    /// <summary>Path of the log file, relative to the working directory. New lines are appended to an existing file.</summary>
    public string? LogFilePath { get; init; }

    /// <summary>Size in megabytes at which the log file is renamed to <c>NAME.1</c> and a new file begun.</summary>
    [AllowedRange(1, 10000)]
    public int MaxSizeMb { get; init; } = 100;

    /// <summary>Number of renamed files that are kept; the oldest is deleted.</summary>
    [AllowedRange(0, 100)]
    public int KeepFiles { get; init; } = 5;

    /// <summary>Lines for people (<c>text</c>), or one JSON object per line (<c>json</c>).</summary>
    [AllowedValues("text", "json")]
    public string Format { get; init; } = "text";

    /// <summary>The access log: one line per request, separate from the log.</summary>
    public AccessLogSection Access { get; init; } = new();
}

/// <summary><c>[logging.access]</c>: the access log: one line per request. Paths can contain patient data, so protect the file like patient records.</summary>
public sealed record AccessLogSection : ConfigNode
{
    /// <summary>Turns the access log on.</summary>
    public bool Enabled { get; init; }

    /// <summary><c>stdout</c>, or the path of a file, relative to the working directory. New lines are appended to an existing file.</summary>
    [NotEmpty]
    public string Target { get; init; } = "stdout";

    /// <summary>One JSON object per line (<c>json</c>), or the Common Log Format of web servers (<c>common</c>).</summary>
    [AllowedValues("json", "common")]
    public string Format { get; init; } = "json";

    /// <summary>
    /// Fields of a line, in this order. The format <c>common</c> has fixed fields; only <c>query</c> has an effect there and adds the query to the path. Only
    /// DIMSE requests have the fields from <c>calling_aet</c> on. A hash replaces a value without revealing it: lines with the same hash concern the same study
    /// or patient.
    /// </summary>
    [AllowedValues(
        "time", "request_id", "trace_id", "client_ip", "user", "protocol", "method", "path", "query", "status", "bytes_in", "bytes_out",
        "duration_ms", "network", "pipeline", "endpoint", "backend", "target", "calling_aet", "called_aet", "dimse_status", "sop_class_uid", "study_uid",
        "series_uid", "instance_uid", "study_uid_hash", "series_uid_hash", "instance_uid_hash", "patient_id_hash")]
    public IReadOnlyList<string> Fields { get; init; } =
    [
        "time", "request_id", "trace_id", "client_ip", "user", "method", "path", "status", "bytes_in", "bytes_out", "duration_ms", "network",
        "pipeline", "endpoint", "backend", "target", "calling_aet", "called_aet", "dimse_status",
    ];

    /// <summary>
    /// Key of the hashes, such as <c>${file:/etc/harmony/hash-key}</c>. With the same key, the hashes of several starts and several gateways can be compared.
    /// When absent, the gateway makes a new key at each start.
    /// </summary>
    [Secret, NotEmpty]
    public string? HashKey { get; init; }

    /// <summary>
    /// Also writes requests for <c>health</c> and <c>metrics</c> of the management API. Monitoring sends thousands of them a day.
    /// </summary>
    public bool Probes { get; init; }

    /// <summary>Size in megabytes at which the file is renamed to <c>NAME.1</c> and a new file begun.</summary>
    [AllowedRange(1, 10000)]
    public int MaxSizeMb { get; init; } = 100;

    /// <summary>Number of renamed files that are kept; the oldest is deleted.</summary>
    [AllowedRange(0, 100)]
    public int KeepFiles { get; init; } = 5;
}
