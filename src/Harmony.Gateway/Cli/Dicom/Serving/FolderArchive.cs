using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Dicom.Query;

namespace Harmony.Gateway.Cli.Dicom.Serving;

/// <summary>The objects of a folder, found by their headers.</summary>
internal sealed class FolderArchive
{
    private static readonly DicomReadOptions Header = new() { StopBefore = DicomTag.PixelData };

    private readonly ObjectIndex<string> _index = new();

    private FolderArchive(string path) => FolderPath = path;

    /// <summary>The folder, in full.</summary>
    public string FolderPath { get; }

    /// <summary>How many objects there are.</summary>
    public int Count => _index.Count;

    /// <summary>Reads the headers of all files of a folder and those below it; what is no DICOM is passed over. The folder is made if it is missing.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<FolderArchive> OpenAsync(string path, CancellationToken ct)
    {
        var archive = new FolderArchive(Directory.CreateDirectory(path).FullName);
        foreach (var file in Directory.EnumerateFiles(archive.FolderPath, "*", SearchOption.AllDirectories)) await archive.AddAsync(file, ct);
        return archive;
    }

    /// <summary>Adds a file, or nothing if it is no DICOM object.</summary>
    public async ValueTask AddAsync(string file, CancellationToken ct)
    {
        try
        {
            _index.Add((await DicomFile.OpenAsync(file, Header, ct)).DataSet, file);
        }
        catch (DicomFormatException)
        {
            // Folders hold other things too.
        }
    }

    /// <summary>Answers a query.</summary>
    public IEnumerable<DicomDataSet> Find(QueryLevel level, DicomDataSet identifier) => _index.Find(level, identifier);

    /// <summary>The files of what an identifier names.</summary>
    public IReadOnlyList<ArchivedFile> Select(QueryLevel level, DicomDataSet identifier)
        => [.. _index.Select(level, identifier).Select(o => new ArchivedFile(o.Header.GetString(DicomTag.SOPInstanceUID)!, o.Item))];
}
