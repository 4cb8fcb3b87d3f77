using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Imaging.Isolation;

/// <summary>
/// Processes that decode: kept for the next frame, ended when they have decoded many frames, have been idle for a while, or went wrong.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private const int MaxFrames = 1000;
    private const long PixelsOfTimeout = 8 << 20;
    private static readonly TimeSpan MaxIdle = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Stack<WorkerProcess> _idle = new();
    private readonly DecoderCommand _command;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _clock;
    private readonly ITimer _sweep;
    private bool _isDisposed;

    public WorkerPool(DecoderCommand command, TimeSpan timeout, TimeProvider clock)
    {
        (_command, _timeout, _clock) = (command, timeout, clock);
        _sweep = clock.CreateTimer(_ => EndIdle(), null, MaxIdle, MaxIdle);
    }

    /// <summary>The processes that wait for frames.</summary>
    public IReadOnlyList<int> IdleProcesses
    {
        get
        {
            lock (_lock) return [.. _idle.Select(w => w.Id)];
        }
    }

    /// <exception cref="ImagingException">The frame cannot be decoded, took too long, or ended the process.</exception>
    public async ValueTask<FrameImage> DecodeAsync(PixelFormat format, TransferSyntax syntax, byte[] stored, CancellationToken ct)
    {
        var worker = Take();
        var isSound = false;
        var timeout = _timeout * (1 + (format.PixelCount / PixelsOfTimeout));
        using var deadline = new CancellationTokenSource(timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            var image = await worker.DecodeAsync(format, syntax, stored, either.Token);
            isSound = true;
            return image;
        }
        catch (ImagingException e) when (e.Kind is not ImagingErrorKind.DecoderDied)
        {
            isSound = true;
            throw;
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ImagingException(
                ImagingErrorKind.TimedOut, $"a frame of {stored.Length} bytes in {syntax.Keyword} was not decoded within {timeout.TotalSeconds:0.#} s", e);
        }
        finally
        {
            if (isSound) GiveBack(worker);
            else worker.Dispose();
        }
    }

    public void Dispose()
    {
        _sweep.Dispose();
        lock (_lock)
        {
            _isDisposed = true;
            while (_idle.TryPop(out var worker)) worker.Dispose();
        }
    }

    private WorkerProcess Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_idle.TryPop(out var worker)) return worker;
        }

        return WorkerProcess.Start(_command);
    }

    private void GiveBack(WorkerProcess worker)
    {
        lock (_lock)
        {
            if (!_isDisposed && worker.Frames < MaxFrames)
            {
                worker.IdleSince = _clock.GetTimestamp();
                _idle.Push(worker);
                return;
            }
        }

        worker.Dispose();
    }

    private void EndIdle()
    {
        lock (_lock)
        {
            var kept = _idle.Where(w => _clock.GetElapsedTime(w.IdleSince) < MaxIdle).Reverse().ToList();
            foreach (var worker in _idle.Except(kept)) worker.Dispose();
            _idle.Clear();
            foreach (var worker in kept) _idle.Push(worker);
        }
    }
}
