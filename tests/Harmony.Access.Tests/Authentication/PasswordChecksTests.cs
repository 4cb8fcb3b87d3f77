using System.Collections.Concurrent;
using System.Text;
using Harmony.Access.Authentication;
using Harmony.Testing;

namespace Harmony.Access.Tests.Authentication;

/// <summary>Who comes next, and who is turned away.</summary>
public sealed class PasswordChecksTests : IDisposable
{
    private readonly PasswordChecks _checks = new(slots: 1);
    private readonly SemaphoreSlim _turn = new(0);
    private readonly ConcurrentQueue<string> _run = new();

    public void Dispose() => _turn.Dispose();

    [Fact]
    public async Task Guesses_OfOneClient_ForOneUser_AreFew()
    {
        var pending = Enumerable.Range(0, PasswordChecks.MaxOfUser).Select(i => Check(1, "bob", $"x{i}")).ToList();
        Assert.Null(await Check(1, "bob", "one more"));
        var other = Check(2, "bob", "his password"); // the same user elsewhere has places of his own
        _turn.Release(10);
        Assert.All(await Task.WhenAll(pending), outcome => Assert.NotNull(outcome));
        Assert.NotNull(await other);
        Assert.NotNull(await Check(1, "bob", "one more"));
    }

    [Fact]
    public async Task Guesses_OfOneClient_AndOfAll_AreBounded()
    {
        var pending = Enumerable.Range(0, PasswordChecks.MaxOfClient).Select(i => Check(1, $"u{i}", "x")).ToList();
        Assert.Null(await Check(1, "another", "x"));
        for (var client = 2; pending.Count < PasswordChecks.MaxWaiting + 1; client++) pending.Add(Check(client, $"v{client}", "x"));
        Assert.Null(await Check(1000, "u", "x"));
        _turn.Release(100);
        Assert.All(await Task.WhenAll(pending), outcome => Assert.NotNull(outcome));
    }

    /// <summary>Whoever waits behind many guesses of one client does not wait for all of them.</summary>
    [Fact]
    public async Task Turn_IsOfTheClientThatHadOneLeastRecently()
    {
        var guesses = Enumerable.Range(0, 8).Select(i => Check(1, $"u{i}", "x")).ToList();
        var newcomer = Check(2, "ann", "x");
        var second = Check(3, "bob", "x");
        _turn.Release(3); // the guess under way, then both of the others
        Assert.NotNull(await newcomer.WaitAsync(Guard.Token));
        Assert.NotNull(await second.WaitAsync(Guard.Token));
        Assert.Equal(["u0", "ann", "bob"], _run.Take(3));
        _turn.Release(20);
        Assert.All(await Task.WhenAll(guesses), outcome => Assert.NotNull(outcome));
    }

    /// <summary>A browser opens six connections, and each shows the password for the first time.</summary>
    [Fact]
    public async Task SamePassword_AtTheSameTime_IsCheckedOnce()
    {
        var pending = Enumerable.Range(0, 6).Select(_ => Check(1, "ann", "right")).ToList();
        _turn.Release(6);
        Assert.All(await Task.WhenAll(pending), outcome => Assert.NotNull(outcome));
        Assert.Single(_run);
    }

    [Fact]
    public async Task Client_ThatHasGone_GivesUpItsPlace()
    {
        var first = Check(1, "bob", "x");
        using var gone = new CancellationTokenSource();
        var second = Check(1, "bob", "y", gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        var third = Check(1, "bob", "z");
        _turn.Release(3);
        Assert.NotNull(await first);
        Assert.NotNull(await third);
        Assert.Equal(2, _run.Count);
    }

    /// <summary>Hashes of several ages in one file: the work of a wrong password is the same for each user, and for nobody.</summary>
    [Fact]
    public void Cost_OfAWrongPassword_IsThatOfTheMostExpensiveHash()
    {
        Assert.True(PasswordHash.TryParse($"$pbkdf2-sha512$i=3000${new string('A', 22)}${new string('A', 86)}", out var long512, out var reason), reason);
        PasswordHash[] hashes = [PasswordHash.Create("x"u8, 1000), PasswordHash.Create("x"u8, 5000), long512];
        var cost = new PasswordCost(hashes);
        foreach (var hash in hashes.Append(null))
        {
            var spent = cost.Left(hash).ToDictionary(left => left.Example.Kind, left => left.Rounds);
            if (hash is not null) spent[hash.Kind] = spent.GetValueOrDefault(hash.Kind) + hash.Rounds;
            Assert.Equal((5000, 3000), (spent["SHA256"], spent["SHA512"]));
            Assert.False(cost.Matches(hash, "wrong"u8));
        }

        Assert.True(cost.Matches(hashes[0], "x"u8));
    }

    private Task<bool?> Check(int client, string user, string password, CancellationToken ct = default)
        => _checks.MatchesAsync(new PasswordOwner((UInt128)client, user), CredentialDigest.Of($"{user}:{password}"), Encoding.UTF8.GetBytes(password),
            _ => Run(user), ct);

    private bool Run(string user)
    {
        _turn.Wait(Guard.Token);
        _run.Enqueue(user);
        return true;
    }
}
