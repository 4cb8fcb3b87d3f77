using System.Diagnostics.CodeAnalysis;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Storage;

namespace Harmony.Data.Services.Storage.S3;

/// <summary><c>[storage]</c> with <c>backend = "s3"</c>: packages, and objects of backends without a root of their own, are kept in S3.</summary>
internal sealed class S3StorageModule : IStorageModule
{
    public string Backend => "s3";

    public void Check(StorageSection storage, ConfigProblems problems)
    {
        SettingsOf(storage.Options).Check(storage.Options, "[storage.options]", problems);
        if (storage.Options.Bucket is null) problems.Error(storage.Location, "[storage.options] needs 'bucket' for backend 's3'");
        else if (!TryLocate(storage.Options, "", out _, out var error)) problems.Error(storage.Options.LocationOf("bucket"),
            $"'bucket' and 'prefix' of [storage.options]: {error}");
    }

    public IObjectStore? Open(StorageSection storage, string below, TimeProvider clock)
    {
        var settings = SettingsOf(storage.Options);
        if (!TryLocate(storage.Options, below, out var location, out _)
            || !settings.Check(storage.Options, "[storage.options]", new ConfigProblems())) return null;
        return new S3ObjectStore(S3Clients.Connect(settings), location, clock);
    }

    private static S3Settings SettingsOf(StorageOptionsSection options) => new(options.Region, options.AccessKeyId, options.SecretAccessKey, options.Endpoint);

    private static bool TryLocate(StorageOptionsSection options, string below, [NotNullWhen(true)] out S3Location? location,
        [NotNullWhen(false)] out string? error)
        => S3Location.TryParse($"s3://{options.Bucket}/{options.Prefix?.Trim('/')}/{below}", out location, out error);
}
