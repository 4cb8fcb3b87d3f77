using System.Security.Cryptography;
using Harmony.Core.Content.Spooling;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Content.Spooling;

public sealed class LookAheadTests
{
    private const int Most = Spool.UsualMemory;

    private readonly BodyBudget _budget = new(Path.GetTempPath());

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
        var ahead = new LookAhead(new Trickle(sent), _budget);

        Assert.Equal(isComplete, await ahead.FillAsync(limit: 3 * Most, default));

        Assert.Equal(inFile, ahead.Beginning.IsInFile);
        using var copy = new MemoryStream();
        await ahead.CopyToAsync(copy);
        Assert.Equal(sent, copy.ToArray());
        Assert.Equal((0, 0), (_budget.InMemory, _budget.OnDisk)); // given back as soon as the beginning has passed
    }

    [Fact]
    public async Task Sender_BreaksOff_WhatCameComesFirst_ThenTheFailure()
    {
        var ahead = new LookAhead(new Trickle(RandomNumberGenerator.GetBytes(10), fails: true), _budget);

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
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new LookAhead(new Trickle([1]), _budget).FillAsync(1000, stopping.Token));
    }
}
