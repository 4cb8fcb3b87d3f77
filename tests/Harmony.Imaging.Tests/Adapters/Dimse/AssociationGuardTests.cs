using System.Text;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Adapters.Dimse;

/// <summary>Who may have an association where the pipeline asks who it is: user identities of PS3.7 §D.3.3.7.</summary>
public sealed class AssociationGuardTests
{
    private const string Basic = "type = \"basic_auth\"\noptions = { username = \"ann\", password = \"geheim-ü1\" }";
    private const string Jwt = "type = \"jwt_auth\"\noptions = { use_hs256 = true, hs256_secret = \"0123456789abcdef0123456789abcdef\" }";
    private const string Optional = "type = \"jwt_auth\"\noptions = { use_hs256 = true, hs256_secret = \"0123456789abcdef0123456789abcdef\", optional = true }";

    private static readonly AssociationRejection NotAuthorized = AssociationRejection.ProviderNoReason;

    public static TheoryData<string, string, UserIdentity?, bool> Identities() => new()
    {
        { "name and passcode", Basic, UserIdentity.Of("ann", "geheim-ü1"), true },
        { "a wrong passcode", Basic, UserIdentity.Of("ann", "geheim"), false },
        { "somebody else", Basic, UserIdentity.Of("bob", "geheim-ü1"), false },
        { "a name alone", Basic, UserIdentity.Of("ann"), false },
        { "a name with a colon", Basic, new UserIdentity(UserIdentityType.UserNameAndPasscode, "ann:geheim"u8.ToArray(), "ü1"u8.ToArray()), false },
        { "nothing", Basic, null, false },
        { "a ticket of Kerberos", Basic, new UserIdentity(UserIdentityType.Kerberos, "ann:geheim-ü1"u8.ToArray()), false },
        { "an assertion of SAML", Jwt, new UserIdentity(UserIdentityType.Saml, Encoding.ASCII.GetBytes(Token()), default), false },
        { "a token", Jwt, JsonWebToken(Token()), true },
        { "a token of somebody else", Jwt, JsonWebToken(Token("another secret of thirty-two bytes")), false },
        { "a token with a line break", Jwt, JsonWebToken(Token() + "\r\nx-evil: 1"), false },
        { "name and passcode for a token", Jwt, UserIdentity.Of("ann", "geheim-ü1"), false },
    };

    [Theory]
    [MemberData(nameof(Identities))]
    public async Task Association_WhereThePipelineAuthenticates_NeedsAGoodIdentity(string what, string middleware, UserIdentity? identity, bool isAccepted)
    {
        var backend = ScriptedBackend.Answering("[]");
        await using var gateway = await StartAsync(backend, ("guard", middleware));
        var connecting = ConnectAsync(gateway, identity);
        if (!isAccepted)
        {
            var e = await Assert.ThrowsAsync<AssociationRejectedException>(() => connecting);
            Assert.Equal((what, NotAuthorized), (what, e.Rejection));
            Assert.Empty(backend.Metadata);
        }
        else
        {
            await using var association = await connecting;
            await association.EchoAsync();
            Assert.True((await StoreAsync(association)).Status.IsSuccess, what);
            Assert.Equal("ann", backend.Metadata.GetValueOrDefault("basic.user") ?? backend.Metadata.GetValueOrDefault("jwt.sub"));
        }

        Assert.DoesNotContain("geheim", Logged(gateway), StringComparison.Ordinal);
        Assert.DoesNotContain(Token().Split('.')[2], Logged(gateway), StringComparison.Ordinal);
    }

    /// <summary>A response says that somebody has checked; where nobody has, there is none (PS3.7 §D.3.3.7.2).</summary>
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task Response_IsSentWhereItIsAskedForAndTheIdentityWasChecked(bool isChecked, bool isAskedFor, bool isSent)
    {
        await using var gateway = await StartAsync(ScriptedBackend.Answering("[]"), isChecked ? [("guard", Basic)] : []);
        await using var association = await ConnectAsync(gateway, UserIdentity.Of("ann", "geheim-ü1", isAskedFor));
        Assert.Equal(isSent, association.Info.Peer.UserIdentityResponse is { Length: 0 });
    }

    [DcmtkTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dcmtk_NameAndPasscode_AreChecked(bool isRight)
    {
        await using var gateway =
            await StartAsync(ScriptedBackend.Answering("[]"), ("guard", "type = \"basic_auth\"\noptions = { username = \"ann\", password = \"secret\" }"));
        var file = await TestObjects.WriteAsync(gateway.Folder, "1.2.3.4");
        var result = await DcmtkPeer.RunAsync("storescu", "-aec", "HARMONY_SCP", "-usr", "ann", "-pwd", isRight
            ? "secret"
            : "wrong", "-rsp", "127.0.0.1", gateway.DicomAddress.Port.ToString(), file);
        if (isRight) result.Succeeded();
        else Assert.Contains("Result: Rejected Permanent, Source: Service Provider (ACSE Related)", result.Output.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task OptionalSteps_AreAlternatives()
    {
        var backend = ScriptedBackend.Answering("[]");
        await using var gateway = await StartAsync(backend, ("tokens", Optional), ("staff", Basic));
        foreach (var identity in new[] { JsonWebToken(Token()), UserIdentity.Of("ann", "geheim-ü1") })
        {
            await using var association = await ConnectAsync(gateway, identity);
            Assert.True((await StoreAsync(association)).Status.IsSuccess);
        }

        await Assert.ThrowsAsync<AssociationRejectedException>(() => ConnectAsync(gateway, null));
    }

    [Fact]
    public async Task Token_ThatExpiresMeanwhile_OpensNothingAnyMore()
    {
        var clock = new TestTimeProvider();
        await using var gateway = await StartAsync(ScriptedBackend.Answering("[]"), clock, ("guard", Jwt));
        await using var association = await ConnectAsync(gateway, JsonWebToken(Token(until: clock.GetUtcNow().AddMinutes(2))));
        Assert.True((await StoreAsync(association)).Status.IsSuccess);
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(DimseStatus.NotAuthorized, (await StoreAsync(association)).Status);
    }

    /// <summary>The steps know HTTP's credentials; what they let pass must not bring a passcode to a backend.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Passcode_NeverReachesABackend(bool isChecked)
    {
        string? seen = "nothing was asked";
        var backend = new ScriptedBackend((request, _) =>
        {
            seen = request.Headers["authorization"];
            return new(ScriptedBackend.Json(request, "[]"));
        });
        await using var gateway = await StartAsync(backend, isChecked ? [("guard", Basic)] : []);
        await using var association = await ConnectAsync(gateway, UserIdentity.Of("ann", "geheim-ü1"));
        Assert.True((await StoreAsync(association)).Status.IsSuccess);
        Assert.Null(seen);
    }

    private static string Logged(TestGateway gateway) => string.Join('\n', gateway.Log.Lines.Select(l => l.Message));

    private static Task<TestGateway> StartAsync(ScriptedBackend backend, params (string Name, string Toml)[] middleware)
        => StartAsync(backend, TimeProvider.System, middleware);

    private static Task<TestGateway> StartAsync(ScriptedBackend backend, TimeProvider clock, params (string Name, string Toml)[] middleware)
        => TestGateway.StartAsync(
        ScpConfig.With(
            ScriptedBackend.Toml + string.Concat(middleware.Select(m => $"\n[middleware.{m.Name}]\n{m.Toml}")), "idle_timeout_secs = 3600",
            string.Join(", ", middleware.Select(m => $"\"{m.Name}\""))),
        extra: backend,
        clock: clock);

    private static Task<ClientAssociation> ConnectAsync(TestGateway gateway, UserIdentity? identity) => new DicomClient().ConnectAsync(
        new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "TEST") { UserIdentity = identity },
        [ContextProposal.For(Uid.VerificationSOPClass), ContextProposal.For(Uid.CTImageStorage)]);

    private static ValueTask<DimseResult> StoreAsync(ClientAssociation association)
        => association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3"), TransferSyntax.ExplicitVRLittleEndian));

    private static UserIdentity JsonWebToken(string token) => new(UserIdentityType.JsonWebToken, Encoding.ASCII.GetBytes(token));

    /// <summary>A token for ann (RFC 7515 §A.1).</summary>
    private static string Token(string secret = "0123456789abcdef0123456789abcdef", DateTimeOffset? until = null)
    {
        var expires = (until ?? new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)).ToUnixTimeSeconds();
        var signed = $"{Encode("""{"alg":"HS256","typ":"JWT"}"""u8)}.{Encode(Encoding.UTF8.GetBytes($$"""{"sub":"ann","exp":{{expires}}}"""))}";
        return $"{signed}.{Encode(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
