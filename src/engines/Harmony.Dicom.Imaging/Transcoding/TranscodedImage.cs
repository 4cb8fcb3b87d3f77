using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;

namespace Harmony.Dicom.Imaging.Transcoding;

/// <summary>An object whose pixels were encoded anew. Large ones are in a temporary file, which is deleted with this.</summary>
public sealed class TranscodedImage : IDisposable
{
    private readonly FrameStore? _frames;

    internal TranscodedImage(DicomDataSet dataSet, TransferSyntax syntax, FrameStore? frames) => (DataSet, Syntax, _frames) = (dataSet, syntax, frames);

    /// <summary>The data set. It is to be written before this is disposed.</summary>
    public DicomDataSet DataSet { get; }

    /// <summary>How it is encoded.</summary>
    public TransferSyntax Syntax { get; }

    /// <summary>A file of it, to write.</summary>
    /// <exception cref="ArgumentException">The data set has no SOP class or instance UID.</exception>
    public DicomFile ToFile() => DicomFile.Create(DataSet, Syntax);

    /// <inheritdoc/>
    public void Dispose() => _frames?.Dispose();
}
