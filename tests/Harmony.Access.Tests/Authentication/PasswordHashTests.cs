using Harmony.Access.Authentication;

namespace Harmony.Access.Tests.Authentication;

public class PasswordHashTests
{
    /// <summary>Made by another implementation (Python's hashlib).</summary>
    [Theory]
    [InlineData("$pbkdf2-sha256$i=1000$c2FsdHNhbHRzYWx0c2FsdA$YgPLu3n8vPEiiKZxKq7umwDgcOMwRYIX1FKxRWvKd3o")]
    [InlineData("$pbkdf2-sha512$i=1000$c2FsdHNhbHRzYWx0c2FsdA$oWHJTIlTanZAca4WPLR+C2OLaaYFihFtoGWMYX5tMMunfn3iVeE8ehUbaqnqgvP9eioV61AgUqYWH3g08DL6Rw")]
    public void Matches_HashOfAnotherProgram(string text)
    {
        Assert.True(PasswordHash.TryParse(text, out var hash, out _));
        Assert.True(hash.Matches("pässword"u8));
        Assert.False(hash.Matches("Pässword"u8));
        Assert.Equal(text, hash.ToText());
    }

    [Fact]
    public void Create_ToText_ParsesAndMatchesOnlyItsPassword()
    {
        var text = PasswordHash.Create("pässword"u8, 1000).ToText();
        Assert.StartsWith("$pbkdf2-sha256$i=1000$", text, StringComparison.Ordinal);
        Assert.True(PasswordHash.TryParse(text, out var hash, out _));
        Assert.True(hash.Matches("pässword"u8));
        Assert.False(hash.Matches("password"u8));
        Assert.False(hash.Matches(""u8));
        Assert.NotEqual(text, PasswordHash.Create("pässword"u8, 1000).ToText());
    }

    [Theory]
    [InlineData("$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", "bcrypt")]
    [InlineData("$apr1$salt$hash", "htpasswd")]
    [InlineData("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "htpasswd")]
    [InlineData("plain", "hash-password")]
    [InlineData("", "hash-password")]
    [InlineData("$pbkdf2-sha256$i=1$c2FsdHNhbHQ$AAAA", "i=NUMBER")]
    [InlineData("$pbkdf2-sha256$i=99999999$c2FsdHNhbHQ$AAAA", "i=NUMBER")]
    [InlineData("$pbkdf2-sha256$i=1000$c2FsdHNhbHQ$AAAA", "hash-password")]
    [InlineData("$pbkdf2-sha1$i=1000$c2FsdHNhbHQ$AAAA", "hash-password")]
    [InlineData("$pbkdf2-sha256$i=1000$??$AAAA", "hash-password")]
    public void TryParse_OtherText_SaysWhatIsExpected(string text, string said)
    {
        Assert.False(PasswordHash.TryParse(text, out _, out var reason));
        Assert.Contains(said, reason, StringComparison.Ordinal);
    }
}
