namespace Harmony.Core.Configuration;

/// <summary>Says in a few words why a file could not be read.</summary>
public static class Readable
{
    /// <summary><c>no such file</c>, <c>permission denied</c>, or the system's own words on one line.</summary>
    public static string Reason(Exception e) => e switch
    {
        FileNotFoundException => "no such file",
        DirectoryNotFoundException => "no such folder",
        UnauthorizedAccessException when DeniedPath(e.Message) is { } path && Directory.Exists(path) => "it is a folder",
        UnauthorizedAccessException => "permission denied",
        ArgumentException => "that is not a path",
        _ => e?.Message.ReplaceLineEndings(" ") ?? "",
    };

    /// <summary>Whether an exception means that a file cannot be read, and not that the program is wrong.</summary>
    public static bool IsReadFailure(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException;

    /// <summary>Whether an exception means that there is no such file.</summary>
    public static bool IsAbsence(Exception e) => e is FileNotFoundException or DirectoryNotFoundException;

    /// <summary>The system says <c>Access to the path '/x' is denied.</c> of folders too.</summary>
    private static string? DeniedPath(string message)
    {
        var (first, last) = (message.IndexOf('\''), message.LastIndexOf('\''));
        return first < last ? message[(first + 1)..last] : null;
    }
}
