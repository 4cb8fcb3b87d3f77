using System.Runtime.CompilerServices;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>A body of a declared length.</summary>
internal sealed class LengthBody(Http1Connection connection, long length) : Http1Body
{
    private long _remaining = length;

    public override bool HasEnded => _remaining == 0;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_remaining == 0) return new ValueTask<int>(0);
        if (buffer.IsEmpty) return connection.WaitAsync(cancellationToken);
        var reading = connection.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _remaining)], cancellationToken);
        if (!reading.IsCompletedSuccessfully) return WaitAsync(reading);
        var read = reading.Result;
        if (read == 0) return ValueTask.FromException<int>(BrokenOff());
        _remaining -= read;
        return new ValueTask<int>(read);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAsync(ValueTask<int> reading)
    {
        var read = await reading;
        if (read == 0) throw BrokenOff();
        _remaining -= read;
        return read;
    }
}
