using System.Text.Json;
using Harmony.Core.Configuration;
using Harmony.Core.Storage;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Dicom.Json;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>
/// The answer of a retrieval: <c>{operation, success: true, instances: […], folder_id, file_count, folder_path}</c>. Headers are read from the
/// files while the answer is.
/// </summary>
internal static class RetrievedObjects
{
    /// <summary>
    /// What the answer tells of each object: what QIDO-RS returns of its patient, study, series and itself (PS3.18 tables 10.6.3-3 to 10.6.3-5).
    /// </summary>
    private static readonly DicomTag[] Told =
    [
        DicomTag.SpecificCharacterSet, DicomTag.SOPClassUID, DicomTag.SOPInstanceUID, DicomTag.StudyDate, DicomTag.SeriesDate, DicomTag.StudyTime,
        DicomTag.SeriesTime,
        DicomTag.AccessionNumber, DicomTag.Modality, DicomTag.ReferringPhysicianName, DicomTag.StudyDescription, DicomTag.SeriesDescription,
        DicomTag.PatientName, DicomTag.PatientID,
        DicomTag.PatientBirthDate, DicomTag.PatientSex, DicomTag.StudyInstanceUID, DicomTag.SeriesInstanceUID, DicomTag.StudyID, DicomTag.SeriesNumber,
        DicomTag.InstanceNumber,
        DicomTag.NumberOfFrames, DicomTag.Rows, DicomTag.Columns, DicomTag.BitsAllocated,
    ];

    private static readonly DicomReadOptions Header = new() { StopBefore = DicomTag.PixelData };

    /// <param name="operation">Get or move.</param>
    /// <param name="folder">Where the files are.</param>
    /// <param name="identifier">What was asked for; its keys are told as well.</param>
    /// <param name="files">The files, in full.</param>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> WriteAsync(
        DimseOperation operation, string folder, DicomDataSet identifier, IReadOnlyCollection<string> files)
    {
        using var chunks = new JsonChunks();
        var writer = chunks.Writer;
        writer.WriteStartObject();
        writer.WriteString("operation", operation.Name());
        writer.WriteBoolean("success", true);
        writer.WriteStartArray("instances");
        foreach (var file in files)
        {
            await WriteHeaderAsync(writer, file, identifier);
            if (chunks.IsLarge) yield return chunks.Take();
        }

        writer.WriteEndArray();
        writer.WriteString("folder_id", Path.GetFileName(folder));
        writer.WriteNumber("file_count", files.Count);
        writer.WriteString("folder_path", folder);
        writer.WriteEndObject();
        yield return chunks.Take();
    }

    private static async ValueTask WriteHeaderAsync(Utf8JsonWriter writer, string file, DicomDataSet identifier)
    {
        var header = (await DicomFile.OpenAsync(file, Header)).DataSet;
        var told = new DicomDataSetBuilder(header.CharacterSet);
        foreach (var tag in Told.Concat(identifier.Select(e => e.Tag)))
        {
            if (header.TryGet(tag, out var element) && element is DicomValue or DicomSequence) told.Set(element);
        }

        DicomJsonWriter.Write(writer, told.Build());
    }
}

/// <summary>Paths of retrieved objects: <c>{storage}/dimse/FOLDER_ID/SOP_INSTANCE_UID.dcm</c>, a folder for each retrieval.</summary>
internal static class RetrievalFolders
{
    /// <summary>Full path of the folder that contains the folders.</summary>
    /// <param name="configured"><c>storage_dir</c> of a backend, or null for the one in the work area.</param>
    /// <param name="config">The configuration.</param>
    public static string Root(string? configured, ConfigSet config)
        => Path.GetFullPath(configured ?? Path.Combine(StateFolder.Of(config.Storage.Options), "dimse"));

    /// <summary>
    /// Whether a path is that of a retrieval's folder: directly in what holds the folders, with a UUID for a name, and marked as one (<c>.ID.expires</c>
    /// beside it).
    /// </summary>
    public static bool IsMarked(string root, string folder)
        => Path.GetDirectoryName(folder) == root && IsId(Path.GetFileName(folder)) && File.Exists(MarkOf(folder));

    /// <summary>The mark of a folder: <c>.ID.expires</c> beside it.</summary>
    public static string MarkOf(string folder) => Path.Combine(Path.GetDirectoryName(folder)!, $".{Path.GetFileName(folder)}.expires");

    private static bool IsId(string name) => Guid.TryParseExact(name, "D", out var id) && name == id.ToString();

    /// <summary>A folder for one retrieval, which is not there yet. Its name is a UUID that sorts by time.</summary>
    public static string New(string root) => Path.Combine(root, Guid.CreateVersion7().ToString());
}

/// <summary>
/// The folder that a backend of the gateway has filled for an answer: a feature of the response, as no path in a body can be believed so far.
/// </summary>
/// <param name="Path">The folder, in full.</param>
internal sealed record AnsweredFolder(string Path);
