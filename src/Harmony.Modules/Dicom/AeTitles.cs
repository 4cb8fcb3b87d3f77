using Harmony.Core.Configuration;

namespace Harmony.Modules.Dicom;

/// <summary>Application entity titles (VR AE, PS3.5 §6.2) in a configuration.</summary>
internal static class AeTitles
{
    private const int MaxLength = 16;

    /// <summary>The title without the spaces around it, which mean nothing; null, and an error, where it is none.</summary>
    /// <param name="title">What is configured.</param>
    /// <param name="key">Its key.</param>
    /// <param name="location">Where it stands.</param>
    /// <param name="problems">Takes the error.</param>
    public static string? Check(string title, string key, SourceLocation location, ConfigProblems problems)
    {
        var trimmed = title.Trim(' ');
        if (trimmed.Length is > 0 and <= MaxLength && trimmed.All(c => c is >= ' ' and <= '~' and not '\\')) return trimmed;
        var found = trimmed.Length > MaxLength ? $"; this one has {trimmed.Length}" : "";
        problems.Error(location, $"'{key}' must be an AE title: 1 to {MaxLength} characters of ASCII, without backslash{found}");
        return null;
    }
}
