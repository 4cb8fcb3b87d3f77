using Harmony.Access.Authentication;
using Harmony.Testing;

namespace Harmony.Access.Tests.Authentication;

public class CredentialCacheTests
{
    private readonly TestTimeProvider _clock = new();

    [Fact]
    public void Find_Expired_IsForgotten()
    {
        var cache = new CredentialCache<string>(10, _clock);
        cache.Keep(Of("a"), "ann", _clock.GetUtcNow().AddSeconds(60));
        Assert.Equal("ann", cache.Find(Of("a")));
        Assert.Null(cache.Find(Of("b")));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(cache.Find(Of("a")));
    }

    [Fact]
    public void Keep_MoreThanFit_StaysBoundedAndKeepsWhatIsAskedFor()
    {
        var cache = new CredentialCache<string>(100, _clock);
        var expires = _clock.GetUtcNow().AddHours(1);
        cache.Keep(Of("often"), "often", expires);
        for (var i = 0; i < 10_000; i++)
        {
            cache.Keep(Of($"n{i}"), "rarely", expires);
            Assert.NotNull(cache.Find(Of("often")));
        }

        Assert.Equal(100, cache.Count);
    }

    [Fact]
    public void Find_Known_AllocatesNothing()
    {
        var cache = new CredentialCache<string>(10, _clock);
        var token = new string('t', 900);
        cache.Keep(CredentialDigest.Of(token), "ann", _clock.GetUtcNow().AddHours(1));
        cache.Find(CredentialDigest.Of(token));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) cache.Find(CredentialDigest.Of(token));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 8);
    }

    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    public void Digest_OfText_IsItsSha256(string text, string hex)
    {
        Assert.True(CredentialDigest.TryParse(hex, out var digest));
        Assert.Equal(digest, CredentialDigest.Of(text));
        Assert.False(CredentialDigest.TryParse(hex.AsSpan(1), out _));
        Assert.False(CredentialDigest.TryParse("g" + hex[1..], out _));
    }

    private static CredentialDigest Of(string text) => CredentialDigest.Of(text);
}
