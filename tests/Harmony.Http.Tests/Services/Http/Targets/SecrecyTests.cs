using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Http.Services.Http.Targets;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Targets;

public class SecrecyTests
{
    private const string Secret = "s3cret";

    [Fact]
    public void ToString_OfWhatHoldsSecrets_ShowsNone()
    {
        var options = new AuthenticationOptionsSection { Password = Secret, Token = Secret, ApiKey = Secret, Hs256Secret = Secret };
        var authentication = new AuthenticationSection { Method = "basic", Options = options };
        var settings = new TargetSettings { Name = "t", Location = SourceLocation.None, Authentication = authentication };
        Assert.All<object>([options, authentication, settings, new TargetCredentials("Authorization", Secret)],
            o => Assert.DoesNotContain(Secret, o.ToString()));
    }

    [Fact]
    public async Task Log_OfEveryKindOfFailure_HoldsNoSecretAndNothingTheTargetSent()
    {
        await using var garbage = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nPatient Müller: s3cret born 1970\r\n\r\n");
        });
        await using var gateway = await BackendConfig.StartAsync($"""
            [backends.b]
            service = "http"
            authentication = "a"
            targets = ["t0", "t1"]
            [authentications.a]
            method = "bearer"
            options.token = "{Secret}"
            [targets.t0]
            url = "{garbage.Url}"
            [targets.t1]
            url = "http://127.0.0.1:1"
            """);
        var answer = await gateway.SendRawAsync("GET", "/", "X-Patient: s3cret");
        await gateway.Log.FirstAsync(2005);
        Assert.Equal(502, answer.Status);
        Assert.NotEmpty(gateway.Log.Lines);
        Assert.All(gateway.Log.Lines, line => Assert.DoesNotContain(Secret, line.Message + line.Exception));
        Assert.DoesNotContain(Secret, answer.Head + answer.Body);
    }
}
