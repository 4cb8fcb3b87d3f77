namespace Harmony.Dicom.Data;

/// <summary>Bytes that DICOM JSON or XML refers to. This library does not fetch them.</summary>
/// <param name="uri">Absolute, or relative to where the document came from.</param>
public sealed class UriBulkData(string uri) : BulkData
{
    /// <summary>Absolute, or relative to where the document came from.</summary>
    public string Uri { get; } = uri;

    /// <inheritdoc/>
    public override long? Length => null;

    /// <inheritdoc/>
    public override ValueTask<Stream> OpenAsync(CancellationToken ct) => throw new NotSupportedException("the value is a reference to a URI, which has to be fetched first");
}
