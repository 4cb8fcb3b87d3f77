using System.Diagnostics.CodeAnalysis;
using Harmony.Core.Modules;

namespace Harmony.Access.Middleware.Policies.Geo;

/// <summary>Opens database files, each once, however many rules and reloads use it.</summary>
internal static class CountryDatabase
{
    private const long MaxBytes = 1L << 30;

    /// <summary>Opens a file.</summary>
    /// <param name="configured">The path as configured.</param>
    /// <param name="environment">Knows folders, and what earlier configurations have read.</param>
    /// <param name="reader">The database.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryOpen(string configured, BuildEnvironment environment, [NotNullWhen(true)] out MmdbReader? reader, [NotNullWhen(false)] out string? error)
    {
        (reader, error) = (null, null);
        var file = new FileInfo(environment.PathOf(configured));
        try
        {
            if (!file.Exists) error = "no such file";
            else if (file.Length > MaxBytes) error = "it is larger than 1 GB";
            else reader = environment.Carried.Get("country database", (file.FullName, file.Length, file.LastWriteTimeUtc), () => MmdbReader.Open(File.ReadAllBytes(file.FullName)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            error = e.Message;
        }

        return reader is not null;
    }
}
