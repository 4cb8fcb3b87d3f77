using System.Security.Cryptography;
using Harmony.Core.Content.Spooling;

namespace Harmony.Core.Tests.Content.Spooling;

public sealed class ReadAheadTests
{
    private const int Most = Spooler.MostInMemory;

    [Theory]
    [InlineData(0, true, false)]
    [InlineData(Most - 1, true, false)]
    [InlineData((2 * Most) + 5, true, true)]
    [InlineData(3 * Most, true, true)]
    [InlineData((3 * Most) + 1, false, true)]
    [InlineData((7 * Most) + 3, false, true)]
    public async Task Stream_LookedAt_PassesWhole(int length, bool isComplete, bool inFile)
    {
        var sent = RandomNumberGenerator.GetBytes(length);
        var ahead = new ReadAhead(new Trickle(sent));

        Assert.Equal(isComplete, await ahead.FillAsync(limit: 3 * Most, default));

        using var file = ahead.File;
        Assert.Equal(inFile, file is not null);
        Assert.True(ahead.Kept.Length <= Most);
        using var copy = new MemoryStream();
        await ahead.CopyToAsync(copy);
        Assert.Equal(sent, copy.ToArray());
    }

    [Fact]
    public async Task Sender_BreaksOff_WhatCameComesFirst_ThenTheFailure()
    {
        var ahead = new ReadAhead(new Trickle(RandomNumberGenerator.GetBytes(10), fails: true));

        Assert.False(await ahead.FillAsync(limit: 1000, default));

        var buffer = new byte[100];
        Assert.Equal(10, await ahead.ReadAtLeastAsync(buffer, 10));
        await Assert.ThrowsAsync<IOException>(async () => Assert.Equal(0, await ahead.ReadAsync(buffer)));
    }

    [Fact]
    public async Task Wait_IsEnded_ByItsToken()
    {
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new ReadAhead(new Trickle([1])).FillAsync(1000, stopping.Token));
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, bool fails = false) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (fails && Position == Length) throw new IOException("gone");
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, 1000)], cancellationToken);
        }
    }
}
