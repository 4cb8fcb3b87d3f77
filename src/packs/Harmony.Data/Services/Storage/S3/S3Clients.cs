using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Harmony.Core.Configuration;

namespace Harmony.Data.Services.Storage.S3;

/// <summary>Address and credentials of S3, from a backend or <c>[storage]</c>.</summary>
/// <param name="Region">The region; <c>us-east-1</c> when null.</param>
/// <param name="AccessKeyId">The access key; null for that of the environment, the credentials file or the role of the machine.</param>
/// <param name="SecretAccessKey">Its secret.</param>
/// <param name="Endpoint">URL of a server of another maker; null for Amazon's.</param>
internal sealed record S3Settings(string? Region, string? AccessKeyId, string? SecretAccessKey, string? Endpoint)
{
    /// <summary>False where the settings contradict each other, which goes to the problems.</summary>
    /// <param name="options">The table that holds them, for positions.</param>
    /// <param name="owner">Whose they are: <c>backend 'archive'</c>.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public bool Check(ConfigNode options, string owner, ConfigProblems problems)
    {
        if ((AccessKeyId is null) != (SecretAccessKey is null))
        {
            var (given, missing) = AccessKeyId is null ? ("secret_access_key", "access_key_id") : ("access_key_id", "secret_access_key");
            problems.Error(options.LocationOf(given), $"'{given}' of {owner} needs '{missing}'");
            return false;
        }

        if (Endpoint is null || (Uri.TryCreate(Endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")) return true;
        problems.Error(options.LocationOf("endpoint"), $"'endpoint' of {owner} is no http or https URL");
        return false;
    }
}

/// <summary>Makes clients of S3.</summary>
internal static class S3Clients
{
    /// <summary>The client of settings that were checked. Nothing is sent yet.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="retries">How often a request is sent again that failed or was told to slow down.</param>
    public static IAmazonS3 Connect(S3Settings settings, int retries = 4)
    {
        var config = new AmazonS3Config
        {
            MaxErrorRetry = retries,
            RetryMode = RequestRetryMode.Standard, // waits longer and longer on SlowDown
            // Checksums as trailers are news to servers of other makers, which store or refuse them.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = TimeSpan.FromMinutes(5),
        };
        if (settings.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = settings.Region ?? "us-east-1";
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region ?? "us-east-1");
        }

        // Without keys of its own: environment, credentials file, then the machine's role.
        return settings.AccessKeyId is null ? new AmazonS3Client(config)
            : new AmazonS3Client(new BasicAWSCredentials(settings.AccessKeyId, settings.SecretAccessKey), config);
    }
}
