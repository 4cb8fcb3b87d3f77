using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>An object that comes as the stream of a Part 10 file.</summary>
internal sealed class StreamInstance : SopInstance
{
    private readonly StreamSource _source;
    private int _isSent;

    private StreamInstance(StreamSource source, Part10Header header)
        : base(header.SopClassUid, header.SopInstanceUid, header.Syntax) => _source = source;

    public static async ValueTask<StreamInstance> FromStreamAsync(Stream part10, CancellationToken ct)
    {
        var source = new StreamSource(part10);
        try
        {
            var (header, _) = await Part10Header.ReadAsync(source, ct);
            return new StreamInstance(source, header);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    internal override async ValueTask WriteAsync(Stream to, TransferSyntax syntax, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _isSent, 1) != 0) throw new InvalidOperationException("an object that is read from a stream can be sent once");
        using (_source) await WriteAsync(_source.AsStream(), to, syntax, ct);
    }
}
