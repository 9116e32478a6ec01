using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace InterviewApi.Core.Data;

/// <summary>Stores times in UTC: the driver refuses any other offset, such as one that a client sent.</summary>
public sealed class StoredTimeConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(
    time => time.ToUniversalTime(),
    time => time);
