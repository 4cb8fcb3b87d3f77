namespace Harmony.Gateway.Logging;

/// <summary>How a log line looks: the <c>format</c> key of <c>[logging]</c>.</summary>
public enum LogFormat
{
    /// <summary>One line for people; exceptions follow on indented lines.</summary>
    Text,

    /// <summary>One JSON object per line, for log collectors.</summary>
    Json,
}
