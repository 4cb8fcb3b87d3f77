using Harmony.Core.Configuration;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Imaging.Dicom;

/// <summary>An application entity title (<see cref="AeTitles"/>) as it stands in a configuration.</summary>
internal static class ConfiguredAeTitle
{
    /// <summary>The title without the spaces around it, which mean nothing; null, and an error, where it is none.</summary>
    /// <param name="title">What is configured.</param>
    /// <param name="key">Its key.</param>
    /// <param name="location">Location in the file.</param>
    /// <param name="problems">Takes the error.</param>
    public static string? Check(string title, string key, SourceLocation location, ConfigProblems problems)
    {
        var trimmed = title.Trim(' ');
        if (AeTitles.IsValid(trimmed)) return trimmed;
        var found = trimmed.Length > AeTitles.MaxLength ? $"; this one has {trimmed.Length}" : "";
        problems.Error(location, $"'{key}' must be an AE title: 1 to {AeTitles.MaxLength} characters of ASCII, without backslash{found}");
        return null;
    }
}
