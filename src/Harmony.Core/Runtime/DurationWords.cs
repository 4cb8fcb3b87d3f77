namespace Harmony.Core.Runtime;

/// <summary>How long something took, for people.</summary>
public static class DurationWords
{
    /// <summary><c>2 d 3 h</c>, <c>4 min 10 s</c>, <c>7 s</c></summary>
    public static string Of(TimeSpan time) => time switch
    {
        { Days: > 0 } => $"{time.Days} d {time.Hours} h",
        { Hours: > 0 } => $"{time.Hours} h {time.Minutes} min",
        { Minutes: > 0 } => $"{time.Minutes} min {time.Seconds} s",
        _ => $"{time.Seconds} s",
    };
}
