using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace InterviewApi.Models;

/// <summary>What the events about the gadgets of a user add up to.</summary>
public sealed class GadgetStatistics
{
    public string OwnerId { get; init; } = "";

    /// <value>How many were created.</value>
    public int Created { get; set; }

    /// <value>The sum of what they were created with.</value>
    public long Quantity { get; set; }

    /// <value>How many became LastState.</value>
    public int Finished { get; set; }

    /// <value>The number of events. It is the concurrency token.</value>
    public int Version { get; set; }
}

/// <summary>The table of statistics.</summary>
public sealed class GadgetStatisticsConfiguration : IEntityTypeConfiguration<GadgetStatistics>
{
    public void Configure(EntityTypeBuilder<GadgetStatistics> builder)
    {
        builder.ToTable("GadgetStatistics");
        builder.HasKey(statistics => statistics.OwnerId);
        builder.Property(statistics => statistics.OwnerId).HasMaxLength(255);
        builder.Property(statistics => statistics.Version).IsConcurrencyToken();
    }
}
