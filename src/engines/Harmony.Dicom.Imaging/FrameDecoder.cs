using Harmony.Dicom.Imaging.Codecs;
using Harmony.Dicom.Imaging.Frames;
using Harmony.Dicom.Imaging.Isolation;

namespace Harmony.Dicom.Imaging;

/// <summary>How frames are decoded.</summary>
public sealed record FrameDecoderOptions
{
    /// <summary>How many frames may be decoded at once. Default 0: one for each processor. Others wait.</summary>
    public int MaxParallel
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), "0 or more");
    }

    /// <summary>
    /// The program whose processes decode what is decoded by libraries of the system (JPEG-LS, JPEG 2000): a code stream that crashes one costs that process.
    /// Processes are started when they are needed, and kept for the next frames. Null: such code streams are decoded in this process.
    /// </summary>
    public DecoderCommand? Worker { get; init; }

    /// <summary>How long a process of <see cref="Worker"/> may take for a frame, and as long again for every 8 megapixels. Default 10 s. More than 0.</summary>
    public TimeSpan WorkerTimeout
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), "more than 0");
    } = TimeSpan.FromSeconds(10);

    /// <summary>Tells the time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>
/// Decodes frames, as many at once as allowed. Safe for concurrent use; one for a process is right. Disposing ends the processes it has started.
/// </summary>
public sealed class FrameDecoder : IAsyncDisposable
{
    private readonly SemaphoreSlim _places;
    private readonly WorkerPool? _workers;

    /// <param name="options">How; null: the defaults.</param>
    public FrameDecoder(FrameDecoderOptions? options = null)
    {
        options ??= new FrameDecoderOptions();
        _places = new SemaphoreSlim(options.MaxParallel > 0 ? options.MaxParallel : Environment.ProcessorCount);
        _workers = options.Worker is { } command ? new WorkerPool(command, options.WorkerTimeout, options.Clock) : null;
    }

    /// <summary>The processes that wait for frames, for tests.</summary>
    internal IReadOnlyList<int> IdleWorkers => _workers?.IdleProcesses ?? [];

    /// <summary>Reads and decodes a frame.</summary>
    /// <param name="image">The object.</param>
    /// <param name="frame">From 1.</param>
    /// <param name="ct">Ends the wait, and a process that decodes the frame.</param>
    /// <exception cref="ImagingException">There is no such frame, or it cannot be decoded; <see cref="ImagingException.Kind"/> says why.</exception>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public async ValueTask<FrameImage> DecodeAsync(DicomImage image, int frame, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        var stored = await image.ReadStoredAsync(frame, ct);
        await _places.WaitAsync(ct);
        try
        {
            if (!image.IsCompressed) return NativeSamples.Decode(image.Format, stored, image.IsSubsampled);
            if (_workers is null || !FrameCodec.IsNative(image.Syntax, stored)) return FrameCodec.Decode(image.Format, image.Syntax, stored, image.Limits);
            image.Limits.CheckExpansion(image.Format, stored.Length);
            return await _workers.DecodeAsync(image.Format, image.Syntax, stored, ct);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _workers?.Dispose();
        _places.Dispose();
        return ValueTask.CompletedTask;
    }
}
