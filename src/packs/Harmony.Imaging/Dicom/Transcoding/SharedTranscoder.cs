using System.Reflection;
using Harmony.Core.Modules;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Imaging.Isolation;
using Harmony.Dicom.Imaging.Transcoding;

namespace Harmony.Imaging.Dicom.Transcoding;

/// <summary>
/// What decodes and encodes pixels for all modules of all configurations: as many frames at once as there are processors, and what a sender can make a
/// decoder do ends a process of its own, where the program is the one that knows how to be that process.
/// </summary>
internal sealed class SharedTranscoder : IAsyncDisposable
{
    private readonly SemaphoreSlim _places = new(Environment.ProcessorCount);

    private SharedTranscoder(FrameDecoder decoder) => (Decoder, Transcoder) = (decoder, new ImageTranscoder(decoder));

    /// <summary>Decodes frames.</summary>
    public FrameDecoder Decoder { get; }

    /// <summary>Encodes frames and objects.</summary>
    public ImageTranscoder Transcoder { get; }

    /// <summary>The instance that all configurations share.</summary>
    public static SharedTranscoder Of(BuildEnvironment environment) => environment.Carried.Get("imaging/transcoder", null, () => new SharedTranscoder(
        new FrameDecoder(new FrameDecoderOptions { Worker = WorkerOf(Assembly.GetEntryAssembly()), Clock = environment.Clock })));

    /// <summary>Waits until few enough objects are being encoded; the place is given back by disposing it.</summary>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken ct)
    {
        await _places.WaitAsync(ct);
        return new Place(_places);
    }

    public async ValueTask DisposeAsync()
    {
        await Decoder.DisposeAsync();
        _places.Dispose();
    }

    private static DecoderCommand? WorkerOf(Assembly? program) => program?.GetName().Name == "harmony" ? DecoderCommand.Of(program, "decode-frames") : null;

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
