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

    /// <summary>Made by the program argon2 of the Argon2 authors.</summary>
    [Fact]
    public void Matches_Argon2idOfAnotherProgram()
    {
        const string text = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$CFdBSITT0imPfRqJP0LdvBFfF55HgNyl7i4qNtObpXw";
        Assert.True(PasswordHash.TryParse(text, out var hash, out _));
        Assert.True(hash.Matches("pässword"u8));
        Assert.False(hash.Matches("Pässword"u8));
        Assert.False(hash.Matches(""u8));
        Assert.Equal(text, hash.ToText());
        Assert.Empty(new PasswordCost([hash]).Left(hash));
        Assert.Equal(hash, Assert.Single(new PasswordCost([hash, PasswordHash.Create("a"u8, 1000)]).Left(PasswordHash.Create("b"u8, 1000))).Example);
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
    [InlineData("$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$Ts5cqmV3ZHCp6cOwpg+S/JGvukEghs9qU5dCgfPVSD8", "p=1")]
    [InlineData("$argon2id$v=19$m=99999999,t=3,p=1$c2FsdHNhbHRzYWx0c2FsdA$Ts5cqmV3ZHCp6cOwpg+S/JGvukEghs9qU5dCgfPVSD8", "p=1")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$CFdBSITT0imPfRqJP0LdvBFfF55HgNyl7i4qNtObpXw", "16 bytes")]
    [InlineData("$argon2id$v=16$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$CFdBSITT0imPfRqJP0LdvBFfF55HgNyl7i4qNtObpXw", "v=19")]
    [InlineData("$argon2id$v=19$m=19456,t=2$c2FsdHNhbHRzYWx0c2FsdA$CFdBSITT", "hash-password")]
    [InlineData("$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$CFdBSITT", "Argon2i")]
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
