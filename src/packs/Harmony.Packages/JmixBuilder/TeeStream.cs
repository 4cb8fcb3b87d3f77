using Harmony.Jmix.Packaging;

namespace Harmony.Packages.JmixBuilder;

/// <summary>Writes to a file and, as long as that takes bytes, to a second stream. A second stream that fails is left alone: its reader has gone.</summary>
internal sealed class TeeStream(Stream file, Stream? second) : WriteOnlyStream
{
    private Stream? _second = second;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await file.WriteAsync(buffer, cancellationToken);
        if (_second is null) return;
        try
        {
            await _second.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException)
        {
            _second = null;
        }
    }
}
