using Harmony.Core.Configuration;
using Harmony.Core.Storage;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>Where retrieved objects are put: <c>{storage}/dimse/FOLDER_ID/SOP_INSTANCE_UID.dcm</c>, a folder for each retrieval.</summary>
internal static class RetrievalFolders
{
    /// <summary>What holds the folders, in full.</summary>
    /// <param name="configured"><c>storage_dir</c> of a backend, or null for the one in the work area.</param>
    /// <param name="config">The configuration.</param>
    public static string Root(string? configured, ConfigSet config) => Path.GetFullPath(configured ?? Path.Combine(StateFolder.Of(config.Storage.Options), "dimse"));

    /// <summary>Whether a path is that of a retrieval's folder: directly in what holds the folders, with a UUID for a name, and marked as one (<c>.ID.expires</c> beside it).</summary>
    public static bool IsMarked(string root, string folder)
        => Path.GetDirectoryName(folder) == root && IsId(Path.GetFileName(folder)) && File.Exists(MarkOf(folder));

    /// <summary>The mark of a folder: <c>.ID.expires</c> beside it.</summary>
    public static string MarkOf(string folder) => Path.Combine(Path.GetDirectoryName(folder)!, $".{Path.GetFileName(folder)}.expires");

    private static bool IsId(string name) => Guid.TryParseExact(name, "D", out var id) && name == id.ToString();

    /// <summary>A folder for one retrieval, which is not there yet. Its name is a UUID that sorts by time.</summary>
    public static string New(string root) => Path.Combine(root, Guid.CreateVersion7().ToString());
}
